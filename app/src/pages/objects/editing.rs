//! Operations on dashboards, dashboard groups and detectors that their forms share.

use domain::{
    identity::actor::Caller,
    objects::{object::Object, permissions::ItemKind},
    platform::{document::Document, id::Id, timestamp::Timestamp},
};
use service::{ObjectAccess, Service};

use crate::{
    error::UiError,
    pages::objects::{kind::object_path, parts::BASE_UPDATED_AT},
    request::{Posted, parameters, redirect_with_notice, rejection, report, report_denial},
};

/// The object to edit; `None` for a new object, whose id is empty.
///
/// # Errors
/// [`UiError::Denied`] without write permission.
pub(super) async fn find_editable(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: &str,
) -> Result<Option<ObjectAccess>, UiError> {
    if id.is_empty() {
        return Ok(None);
    }
    let id = parameters::id(id)?;
    let stored = report(service.objects().find_with_access(caller, kind, id).await)?;
    if stored.rights.write {
        return Ok(Some(stored));
    }
    let words = kind.words();
    Err(report_denial(if stored.rights.permit {
        format!("To change this {words}, give yourself write permission first.")
    } else {
        format!("You can read this {words}. Changing it requires write permission.")
    }))
}

/// Creates an object.
pub(super) async fn create(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    given: &Document,
) -> Result<Object, UiError> {
    let objects = service.objects();
    let created = match kind {
        ItemKind::DashboardGroup => objects.create_dashboard_group(caller, given, true).await,
        ItemKind::Detector => objects.create_detector(caller, given).await,
        ItemKind::Dashboard => objects.create_dashboard(caller, given).await,
    };
    created.map_err(rejection)
}

/// Updates an object, unless another update was stored after the form was loaded.
pub(super) async fn update(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
    given: &Document,
    form: &Posted,
) -> Result<Object, UiError> {
    let base_updated_at =
        Timestamp::from_micros(form.text(BASE_UPDATED_AT).parse().unwrap_or_default());
    let (kind, id) = (stored.kind, stored.object.id);
    let objects = service.objects();
    let updated = objects.update_unless_changed(caller, kind, id, given, base_updated_at);
    updated.await.map_err(rejection)
}

/// Deletes an object.
pub(super) async fn delete(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: Id,
) -> Result<(), UiError> {
    let objects = service.objects();
    report(match kind {
        ItemKind::Dashboard => objects.delete_dashboard(caller, id).await,
        ItemKind::DashboardGroup => objects.delete_dashboard_group(caller, id).await,
        ItemKind::Detector => objects.delete_detector(caller, id).await,
    })
}

/// Redirects to the page of an object, which shows that it is `done`: "created".
pub(super) fn redirect_to(kind: ItemKind, object: &Object, done: &str) {
    redirect_with_notice(
        &object_path(kind, &object.id.to_string()),
        format!("The {} {} is {done}.", kind.words(), object.name),
    );
}
