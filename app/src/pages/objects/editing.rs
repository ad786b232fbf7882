//! Operations on objects that their forms share.

use domain::{
    identity::actor::Caller,
    objects::{object::Object, permissions::ItemKind},
    platform::{document::Document, id::Id, timestamp::Timestamp},
};
use service::Service;

use crate::{
    error::UiError,
    model::objects::content_kind::ContentKind,
    pages::objects::{kind::object_path, parts::BASE_UPDATED_AT, server::shown_name},
    request::{Posted, parameters, redirect_with_notice, rejection, report, report_denial},
};

/// The object to edit; `None` for a new object, whose id is empty.
///
/// # Errors
/// [`UiError::Denied`] without write permission or, for shared objects, without a writing role.
pub(super) async fn find_editable(
    service: &Service,
    caller: &Caller,
    kind: ContentKind,
    id: &str,
) -> Result<Option<Object>, UiError> {
    if id.is_empty() {
        return Ok(None);
    }
    let id = parameters::id(id)?;
    let objects = service.objects();
    let words = kind.words();
    let denied = match kind {
        ContentKind::Item(kind) => {
            let stored = report(objects.find_with_access(caller, kind, id).await)?;
            if stored.rights.write {
                return Ok(Some(stored.object));
            }
            if stored.rights.permit {
                format!("To change this {words}, give yourself write permission first.")
            } else {
                format!("You can read this {words}. Changing it requires write permission.")
            }
        }
        ContentKind::Shared(kind) => {
            let stored = report(objects.find_shared(kind.kind(), caller, id).await)?;
            if caller.actor().roles().is_writer() {
                return Ok(Some(stored));
            }
            format!(
                "You can read this {words}. Changing it requires the role power user or administrator."
            )
        }
    };
    Err(report_denial(denied))
}

/// Creates an object.
pub(super) async fn create(
    service: &Service,
    caller: &Caller,
    kind: ContentKind,
    given: &Document,
) -> Result<Object, UiError> {
    let objects = service.objects();
    let created = match kind {
        ContentKind::Item(ItemKind::DashboardGroup) => {
            objects.create_dashboard_group(caller, given, true).await
        }
        ContentKind::Item(ItemKind::Detector) => objects.create_detector(caller, given).await,
        ContentKind::Item(ItemKind::Dashboard) => objects.create_dashboard(caller, given).await,
        ContentKind::Shared(kind) => objects.create_shared(kind.kind(), caller, given).await,
    };
    created.map_err(rejection)
}

/// Updates an object, unless another update was stored after the form was loaded.
pub(super) async fn update(
    service: &Service,
    caller: &Caller,
    kind: ContentKind,
    id: Id,
    given: &Document,
    form: &Posted,
) -> Result<Object, UiError> {
    let base_updated_at =
        Timestamp::from_micros(form.text(BASE_UPDATED_AT).parse().unwrap_or_default());
    let objects = service.objects();
    let updated = match kind {
        ContentKind::Item(kind) => {
            let updated = objects.update_unless_changed(caller, kind, id, given, base_updated_at);
            updated.await
        }
        ContentKind::Shared(kind) => {
            let kind = kind.kind();
            let updated =
                objects.update_shared_unless_changed(kind, caller, id, given, base_updated_at);
            updated.await
        }
    };
    updated.map_err(rejection)
}

/// Deletes an object.
pub(super) async fn delete(
    service: &Service,
    caller: &Caller,
    kind: ContentKind,
    id: Id,
) -> Result<(), UiError> {
    let objects = service.objects();
    report(match kind {
        ContentKind::Item(ItemKind::Dashboard) => objects.delete_dashboard(caller, id).await,
        ContentKind::Item(ItemKind::DashboardGroup) => {
            objects.delete_dashboard_group(caller, id).await
        }
        ContentKind::Item(ItemKind::Detector) => objects.delete_detector(caller, id).await,
        ContentKind::Shared(kind) => objects.delete_shared(kind.kind(), caller, id).await,
    })
}

/// Redirects to the page of an object, which shows that it is `done`: "created".
pub(super) fn redirect_to(kind: ContentKind, object: &Object, done: &str) {
    redirect_with_notice(
        &object_path(kind, &object.id.to_string()),
        format!("The {} {} is {done}.", kind.words(), shown_name(object)),
    );
}
