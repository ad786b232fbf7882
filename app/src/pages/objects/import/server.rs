//! Creates an object from the posted document.

use domain::{
    identity::actor::Caller,
    objects::{object::Object, permissions::ItemKind},
    platform::id::Id,
};
use service::Service;

use crate::{
    error::UiError,
    model::{
        objects::import::{FIELD, FORM, ImportForm},
        platform::notice::Notice,
    },
    pages::objects::{
        document::server::{at_line, parse},
        editing::redirect_to,
    },
    request::{parameters, posted, rejection, report},
};

/// The form. When it was posted, the object is created; a rejected document has the reason with its line.
pub(super) async fn fill(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    group_id: &str,
) -> Result<ImportForm, UiError> {
    let group = match (kind, group_id) {
        (ItemKind::DashboardGroup | ItemKind::Detector, _) | (ItemKind::Dashboard, "") => None,
        (ItemKind::Dashboard, id) => {
            let id = parameters::id(id)?;
            let found = service.objects().find_dashboard_group(caller, id).await;
            Some(report(found)?)
        }
    };
    let mut form = ImportForm {
        kind,
        group: group
            .as_ref()
            .map(|group| (group.id.to_string(), group.name.clone())),
        text: String::new(),
        notice: Notice::default(),
    };
    let Some(posted) = posted() else {
        return Ok(form);
    };
    posted.text(FIELD).clone_into(&mut form.text);
    match import(
        service,
        caller,
        kind,
        group.map(|group| group.id),
        &form.text,
    )
    .await
    {
        Ok(imported) => redirect_to(kind.into(), &imported, "imported"),
        Err(error) => form.notice = Notice::rejected(FORM, error, Vec::new()),
    }
    Ok(form)
}

async fn import(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    group_id: Option<Id>,
    text: &str,
) -> Result<Object, UiError> {
    let given = parse(text)?;
    let objects = service.objects();
    let imported = match kind {
        ItemKind::Dashboard => objects.import_dashboard(caller, group_id, &given).await,
        ItemKind::DashboardGroup => objects.import_group(caller, &given).await,
        ItemKind::Detector => {
            return Err(UiError::rejected(
                FIELD,
                "Detectors have no exported documents.".to_owned(),
            ));
        }
    };
    imported
        .map_err(rejection)
        .map_err(|error| at_line(error, text))
}
