//! What the form of permissions says, as the document the service reads, and the other way round.

mod chosen;

use chosen::{Chosen, label};
use domain::{
    identity::actor::Caller,
    objects::permissions::{ItemKind, Level, Principal, Protection, differences, has_writer},
    platform::{id::Id, timestamp::Timestamp},
};
use service::{ObjectAccess, Service, UpdatePreview};

use crate::{
    error::UiError,
    model::{
        objects::permissions::{FORM, PermissionRow, PermissionsForm, Preview},
        platform::notice::Notice,
    },
    pages::objects::{
        kind::list_path,
        permissions::{principals::named, server::Names},
    },
    request::{Posted, lead_to, note_denial, posted, rejection, report, set_status, to_ui},
};

/// The form of an object's permissions. When it was posted it does what its button says; refused, it says why and holds
/// what was chosen.
pub(crate) async fn fill(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: Id,
) -> Result<PermissionsForm, UiError> {
    let standing = report(service.objects().find_with_access(caller, kind, id).await)?;
    if !standing.rights.permit {
        set_status(403);
        note_denial();
        return Err(UiError::Denied(format!(
            "Changing who may read and write needs write permission on the {}, or the role administrator.",
            kind.words()
        )));
    }
    let stored = Chosen::of(caller, &standing);
    let Some(form) = posted() else {
        return shown(service, caller, &standing, stored, None, Notice::default()).await;
    };
    let mut chosen = Chosen::read(&form).unwrap_or(stored);
    let answered = answer(service, caller, &standing, &mut chosen, &form).await;
    let (preview, error) = match answered {
        Ok(preview) => (preview, None),
        // What would be saved is told anew against what somebody else saved.
        Err(error @ UiError::Conflict(_)) => {
            let edit = judge(service, caller, &standing, &chosen).await?;
            let preview = preview(service, caller, &edit).await?;
            (Some(preview), Some(error))
        }
        Err(error) => (None, Some(error)),
    };
    let notice = error.map(|error| {
        let kept = [("add", form.text("add")), ("mode", &chosen.mode)];
        let kept = kept.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Notice::refused(FORM, at_its_field(error), kept.to_vec())
    });
    let notice = notice.unwrap_or_default();
    shown(service, caller, &standing, chosen, preview, notice).await
}

/// Does what the button says: adds somebody, tells what will change, or saves.
async fn answer(
    service: &Service,
    caller: &Caller,
    standing: &ObjectAccess,
    chosen: &mut Chosen,
    form: &Posted,
) -> Result<Option<Preview>, UiError> {
    let added = form.text("add").trim();
    if !added.is_empty() {
        let found = named(service, caller, added).await?;
        let found = found.ok_or_else(|| {
            UiError::rejected("add", format!("Nobody and no team is called {added}."))
        })?;
        if !chosen.rows.iter().any(|(principal, _)| *principal == found) {
            chosen.rows.push((found, Level::Write));
        }
        "these".clone_into(&mut chosen.mode);
    }
    match form.text("step") {
        "preview" => {
            let edit = judge(service, caller, standing, chosen).await?;
            Ok(Some(preview(service, caller, &edit).await?))
        }
        "save" => {
            let seen_at = form.text("seen").parse().unwrap_or_default();
            let (kind, id) = (standing.kind, standing.object.id);
            let given = chosen.given(standing)?;
            let seen_at = Timestamp::from_micros(seen_at);
            let saved = service
                .objects()
                .update_unless_changed(caller, kind, id, &given, seen_at);
            saved.await.map_err(rejection)?;
            lead_to(
                &format!("{}/{id}", list_path(kind)),
                "The permissions are saved.".to_owned(),
            );
            Ok(None)
        }
        _ => Ok(None),
    }
}

async fn judge(
    service: &Service,
    caller: &Caller,
    standing: &ObjectAccess,
    chosen: &Chosen,
) -> Result<UpdatePreview, UiError> {
    let given = chosen.given(standing)?;
    let (kind, id) = (standing.kind, standing.object.id);
    let judged = service
        .objects()
        .preview_update(caller, kind, id, &given)
        .await;
    judged.map_err(to_ui)
}

/// What an update of permissions changes, in words.
pub(crate) async fn preview(
    service: &Service,
    caller: &Caller,
    edit: &UpdatePreview,
) -> Result<Preview, UiError> {
    let Some(after) = &edit.after else {
        return Ok(Preview::default());
    };
    let before = &edit.before;
    let organization_id = caller.organization_id();
    let found = differences(organization_id, &before.protection, &after.protection);
    let principals: Vec<Principal> = found
        .iter()
        .map(|difference| difference.principal)
        .collect();
    let names = Names::find_all(service, caller, &principals).await?;
    let mut changes: Vec<String> = found
        .iter()
        .map(|difference| {
            let name = names.name(difference.principal);
            format!("{name} {}.", difference.words())
        })
        .collect();
    if changes.is_empty() && before.object.protection != after.object.protection {
        changes.push(
            match after.object.protection {
                Protection::Inherit => {
                    "Nobody gains or loses anything now; from now on it follows its group."
                }
                Protection::Open | Protection::Writers(_) | Protection::Entries(_) => {
                    "Nobody gains or loses anything now; from now on it has permissions of its own."
                }
            }
            .to_owned(),
        );
    }
    let mut warnings = Vec::new();
    let is_administrator = caller.is_administrator();
    match (before.rights.write, after.rights.write) {
        (true, false) if is_administrator => warnings.push(
            "You would lose write yourself. As an administrator you can give it back to yourself.",
        ),
        (true, false) => warnings.push(
            "You would lose write yourself, and could not take it back: only an administrator, or whoever may still write, could give it to you.",
        ),
        (false, true) => warnings.push("You would gain write yourself."),
        (true, true) | (false, false) => {}
    }
    if before.rights.read && !after.rights.read {
        warnings.push("You could not even read it any more.");
    }
    if !has_writer(organization_id, &after.protection) {
        warnings.push(
            "Nobody could write it any more, until an administrator changes its permissions.",
        );
    }
    Ok(Preview {
        changes,
        warnings: warnings.into_iter().map(str::to_owned).collect(),
    })
}

async fn shown(
    service: &Service,
    caller: &Caller,
    standing: &ObjectAccess,
    chosen: Chosen,
    preview: Option<Preview>,
    notice: Notice,
) -> Result<PermissionsForm, UiError> {
    let object = &standing.object;
    let principals: Vec<_> = chosen
        .rows
        .iter()
        .map(|(principal, _)| *principal)
        .collect();
    let names = Names::find_all(service, caller, &principals).await?;
    let rows = chosen.rows.iter().map(|(principal, level)| PermissionRow {
        who: format!("{}:{}", principal.type_label(), principal.id()),
        name: names.name(*principal),
        right: label(*level).to_owned(),
    });
    let group = match (standing.kind, object.parent_id) {
        (ItemKind::Dashboard, Some(group_id)) => {
            let group = service
                .objects()
                .find_dashboard_group(caller, group_id)
                .await;
            Some(group.map_or_else(|_| "that you may not read".to_owned(), |group| group.name))
        }
        _ => None,
    };
    Ok(PermissionsForm {
        kind: standing.kind,
        id: object.id.to_string(),
        name: object.name.clone(),
        seen_at: object.updated.at.as_micros(),
        group,
        mode: chosen.mode,
        others: chosen.others,
        rows: rows.collect(),
        preview,
        choices: Names::choices(service, caller).await?,
        notice,
    })
}

/// What the rules say of the document is said where it was chosen.
fn at_its_field(error: UiError) -> UiError {
    let is_about_document = error.field().is_some_and(|field| {
        field.starts_with("permissions") || field.starts_with("authorizedWriters")
    });
    if is_about_document {
        UiError::rejected("mode", error.to_string())
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_rules_refuse_is_said_where_it_was_chosen() {
        let many = UiError::rejected("permissions.acl", "26 entries".to_owned());
        assert_eq!(at_its_field(many).field(), Some("mode"));
        assert_eq!(
            at_its_field(UiError::rejected("add", String::new())).field(),
            Some("add")
        );
    }
}
