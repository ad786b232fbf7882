//! Fills, previews and saves the form of permissions.

use domain::{
    identity::actor::Caller,
    objects::permissions::{ItemKind, Level},
    platform::id::Id,
};
use service::{ObjectAccess, Service};

use crate::{
    error::UiError,
    model::{
        objects::permissions::{FORM, PermissionRow, PermissionsForm, Preview},
        platform::notice::Notice,
    },
    pages::objects::{
        editing::update,
        kind::object_path,
        permissions::{
            choices::{PermissionChoices, label},
            names::Names,
            preview::permission_changes,
            principals::find_principal,
        },
        server::find_group_name,
    },
    request::{Posted, posted, redirect_with_notice, report, report_denial, to_ui},
};

/// The form of an object's permissions. When it was posted, the pressed button is carried out; a rejected form has the
/// reason and the posted choices.
pub(super) async fn fill(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: Id,
) -> Result<PermissionsForm, UiError> {
    let stored = report(service.objects().find_with_access(caller, kind, id).await)?;
    if !stored.rights.permit {
        return Err(report_denial(format!(
            "Changing permissions requires write permission on the {}, or the role administrator.",
            kind.words()
        )));
    }
    let mut choices = PermissionChoices::of(caller, &stored);
    let mut outcome = (None, Notice::default());
    if let Some(posted) = posted() {
        choices = PermissionChoices::read(&posted).unwrap_or(choices);
        outcome = answer(service, caller, &stored, &mut choices, &posted).await?;
    }
    let (preview, notice) = outcome;
    let form = form_of(service, caller, &stored, choices).await?;
    Ok(PermissionsForm {
        preview,
        notice,
        ..form
    })
}

/// The preview and the notice after the pressed button.
async fn answer(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
    choices: &mut PermissionChoices,
    form: &Posted,
) -> Result<(Option<Preview>, Notice), UiError> {
    let error = match carry_out(service, caller, stored, choices, form).await {
        Ok(preview) => return Ok((preview, Notice::default())),
        Err(error) => error,
    };
    // After a conflict, the preview compares with the update that was stored in the meantime.
    let preview = if let UiError::Conflict(_) = error {
        Some(preview(service, caller, stored, choices).await?)
    } else {
        None
    };
    let kept = [("add", form.text("add")), ("mode", &choices.mode)];
    let kept = kept.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let notice = Notice::rejected(FORM, at_form_field(error), kept.to_vec());
    Ok((preview, notice))
}

/// Carries out the pressed button: adds a user or team, previews, or saves. Only a preview returns one.
async fn carry_out(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
    choices: &mut PermissionChoices,
    form: &Posted,
) -> Result<Option<Preview>, UiError> {
    let added = form.text("add").trim();
    if !added.is_empty() {
        add(service, caller, choices, added).await?;
    }
    match form.text("step") {
        "preview" => preview(service, caller, stored, choices).await.map(Some),
        "save" => {
            let given = choices.document(stored)?;
            let (kind, id) = (stored.kind.into(), stored.object.id);
            let saved = update(service, caller, kind, id, &given, form).await?;
            let page = object_path(stored.kind, &saved.id.to_string());
            redirect_with_notice(&page, "The permissions are saved.".to_owned());
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Lists a user or team with write permission, unless it is listed.
async fn add(
    service: &Service,
    caller: &Caller,
    choices: &mut PermissionChoices,
    text: &str,
) -> Result<(), UiError> {
    let found = find_principal(service, caller, text).await?;
    let found = found
        .ok_or_else(|| UiError::rejected("add", format!("No member or team is called {text}.")))?;
    if !choices
        .rows
        .iter()
        .any(|(principal, _)| *principal == found)
    {
        choices.rows.push((found, Level::Write));
    }
    "these".clone_into(&mut choices.mode);
    Ok(())
}

async fn preview(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
    choices: &PermissionChoices,
) -> Result<Preview, UiError> {
    let given = choices.document(stored)?;
    let (kind, id) = (stored.kind, stored.object.id);
    let objects = service.objects();
    let edit = objects.preview_update(caller, kind, id, &given).await;
    permission_changes(service, caller, &edit.map_err(to_ui)?).await
}

/// Reports an error of the permissions in the document at the field of the form.
fn at_form_field(error: UiError) -> UiError {
    let is_about_permissions = error.field().is_some_and(|field| {
        field.starts_with("permissions") || field.starts_with("authorizedWriters")
    });
    if is_about_permissions {
        UiError::rejected("mode", error.to_string())
    } else {
        error
    }
}

/// The form with these choices, without preview and notice.
async fn form_of(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
    choices: PermissionChoices,
) -> Result<PermissionsForm, UiError> {
    let object = &stored.object;
    let listed = choices.rows.iter().map(|(principal, _)| *principal);
    let names = Names::find(service, caller, &listed.collect::<Vec<_>>()).await?;
    let rows = choices.rows.iter().map(|(principal, level)| PermissionRow {
        principal: format!("{}:{}", principal.type_label(), principal.id()),
        name: names.name(*principal),
        right: label(*level).to_owned(),
    });
    Ok(PermissionsForm {
        kind: stored.kind,
        id: object.id.to_string(),
        name: object.name.clone(),
        base_updated_at: object.updated.at.as_micros(),
        group: group_name(service, caller, stored).await?,
        rows: rows.collect(),
        mode: choices.mode,
        others: choices.others,
        preview: None,
        choices: Names::suggestions(service, caller).await?,
        notice: Notice::default(),
    })
}

/// The name of the group that the object can inherit from.
async fn group_name(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
) -> Result<Option<String>, UiError> {
    let (ItemKind::Dashboard, Some(id)) = (stored.kind, stored.object.parent_id) else {
        return Ok(None);
    };
    let name = find_group_name(service, caller, id).await?;
    Ok(Some(
        name.unwrap_or_else(|| "that you cannot read".to_owned()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_reported_at_the_field_of_the_form() {
        let entries = UiError::rejected("permissions.acl", "26 entries");
        assert_eq!(at_form_field(entries).field(), Some("mode"));
        let unknown = UiError::rejected("add", String::new());
        assert_eq!(at_form_field(unknown).field(), Some("add"));
    }
}
