//! Fills and saves the form of an object.

use domain::{
    identity::actor::Caller,
    objects::{object::Object, permissions::ItemKind},
    platform::page::OffsetPage,
};
use service::Service;

use crate::{
    error::UiError,
    model::{
        objects::form::{FORM, ObjectForm},
        platform::{list::Choices, notice::Notice},
    },
    pages::objects::{
        editing::{create, find_editable, redirect_to, update},
        form::values::{document_of, form_of},
    },
    request::{Posted, parameters, posted, report},
};

/// Groups to choose from for a new dashboard. The JSON document accepts any other group.
const OFFERED_GROUPS: i64 = 500;

/// The form of an object, or of a new one. When it was posted and the object is stored, the response redirects to the
/// object's page; a rejected form has the reason and the posted values.
pub(super) async fn fill(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: &str,
) -> Result<ObjectForm, UiError> {
    let stored = find_editable(service, caller, kind.into(), id).await?;
    let posted = posted();
    let mut form = form_of(kind, stored.as_ref(), posted.as_ref());
    if stored.is_none() && kind == ItemKind::Dashboard {
        form.groups = writable_groups(service, caller).await?;
    }
    if let Some(posted) = &posted
        && let Err(error) = save(service, caller, kind, stored.as_ref(), posted).await
    {
        form.notice = Notice::rejected(FORM, error, Vec::new());
    }
    Ok(form)
}

async fn save(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    stored: Option<&Object>,
    form: &Posted,
) -> Result<(), UiError> {
    let given = document_of(kind, stored, form);
    let kind = kind.into();
    let (saved, done) = match stored {
        None => (create(service, caller, kind, &given).await, "created"),
        Some(stored) => {
            let updated = update(service, caller, kind, stored.id, &given, form).await;
            (updated.map_err(with_way_out), "saved")
        }
    };
    redirect_to(kind, &saved.map_err(at_form_field)?, done);
    Ok(())
}

/// Adds to a conflict with another update what the form can do about it.
fn with_way_out(error: UiError) -> UiError {
    if let UiError::Conflict(message) = error {
        UiError::Conflict(format!(
            "{message} Your input is still here: saving again replaces the other changes."
        ))
    } else {
        error
    }
}

/// Reports an error at the field of the form instead of the field of the document.
fn at_form_field(error: UiError) -> UiError {
    let field = error.field().unwrap_or_default().to_owned();
    let form_field = match field.as_str() {
        "rules[0].detectLabel" => "label",
        "rules[0].severity" => "severity",
        "rules[0].notifications[0].email" => "email",
        field if field.starts_with("tags[") => "tags",
        _ => return error,
    };
    let message = error.to_string();
    let reason = message
        .strip_prefix(&format!("{field}: "))
        .unwrap_or(&message);
    UiError::rejected(form_field, format!("{form_field}: {reason}"))
}

async fn writable_groups(service: &Service, caller: &Caller) -> Result<Choices, UiError> {
    let by_name = parameters::by_name(String::new(), "name".to_owned());
    let first = OffsetPage {
        limit: OFFERED_GROUPS,
        offset: 0,
    };
    let objects = service.objects();
    let found = objects.list_dashboard_groups(caller, &by_name, first).await;
    let found = report(found)?.results;
    let rights = report(objects.rights_on(caller, &found).await)?;
    let writable = found
        .into_iter()
        .zip(rights)
        .filter(|(_, rights)| rights.write);
    let named = writable.map(|(group, _)| (group.id, group.name));
    Ok(parameters::choices(named.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_reported_at_the_field_of_the_form() {
        let rejected = |field: &str| UiError::Rejected {
            field: field.to_owned(),
            message: format!("{field}: is wrong"),
        };
        let label = at_form_field(rejected("rules[0].detectLabel"));
        assert_eq!(
            (label.field(), label.to_string()),
            (Some("label"), "label: is wrong".to_owned())
        );
        assert_eq!(at_form_field(rejected("name")), rejected("name"));
    }
}
