//! What an update changes in the rights of users and teams, as sentences.

use domain::{
    identity::actor::Caller,
    objects::permissions::{Principal, Protection, differences, has_writer},
};
use service::{ObjectAccess, Service, UpdatePreview};

use crate::{
    error::UiError, model::objects::permissions::Preview, pages::objects::permissions::names::Names,
};

/// The changed rights, and the consequences to check before saving.
pub(in crate::pages::objects) async fn permission_changes(
    service: &Service,
    caller: &Caller,
    edit: &UpdatePreview,
) -> Result<Preview, UiError> {
    let Some(after) = &edit.after else {
        return Ok(Preview::default());
    };
    let mut changes = changed_rights(service, caller, &edit.before, after).await?;
    if changes.is_empty() && edit.before.object.protection != after.object.protection {
        changes.push(changed_source(&after.object.protection).to_owned());
    }
    let warnings = warnings(caller, &edit.before, after);
    Ok(Preview {
        changes,
        warnings: warnings.into_iter().map(str::to_owned).collect(),
    })
}

/// A sentence for each user or team with changed rights.
async fn changed_rights(
    service: &Service,
    caller: &Caller,
    before: &ObjectAccess,
    after: &ObjectAccess,
) -> Result<Vec<String>, UiError> {
    let organization = caller.organization_id();
    let found = differences(organization, &before.protection, &after.protection);
    let principals: Vec<Principal> = found.iter().map(|found| found.principal).collect();
    let names = Names::find(service, caller, &principals).await?;
    let sentences = found.iter().map(|found| {
        let name = names.name(found.principal);
        format!("{name} {}.", found.words())
    });
    Ok(sentences.collect())
}

/// The same rights come from another place.
const fn changed_source(protection: &Protection) -> &'static str {
    match protection {
        Protection::Inherit => "No rights change now. Later changes of the group will apply too.",
        Protection::Open | Protection::Writers(_) | Protection::Entries(_) => {
            "No rights change now. Later changes of the group will no longer apply."
        }
    }
}

fn warnings(caller: &Caller, before: &ObjectAccess, after: &ObjectAccess) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    match (before.rights.write, after.rights.write) {
        (true, false) if caller.is_administrator() => warnings.push(
            "You would lose write permission. As an administrator you can give it back to yourself.",
        ),
        (true, false) => warnings.push(
            "You would lose write permission. Only administrators and members who keep it could give it back to you.",
        ),
        (false, true) => warnings.push("You would gain write permission."),
        (true, true) | (false, false) => {}
    }
    if before.rights.read && !after.rights.read {
        warnings.push("You could no longer read it.");
    }
    if !has_writer(caller.organization_id(), &after.protection) {
        warnings.push("No one could write it until an administrator changes its permissions.");
    }
    warnings
}
