//! The permissions of an object, read from the service for the dialog, and the readers of an access token.

use domain::{
    identity::actor::Caller,
    objects::permissions::{AclEntry, ItemKind, Principal, Protection, Right},
    platform::id::Id,
};
use service::{ObjectAccess, Service};

use crate::{
    error::UiError,
    model::objects::permissions::{Allowed, PermissionsView},
    pages::objects::permissions::names::Names,
    request::report,
};

/// The permissions of a dashboard, dashboard group or detector.
pub(super) async fn permissions(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: Id,
) -> Result<PermissionsView, UiError> {
    let found = report(service.objects().find_with_access(caller, kind, id).await)?;
    let names = Names::find(service, caller, &found.protection.named()).await?;
    Ok(PermissionsView {
        readers: allowed(&names, readers(&found.protection)),
        writers: allowed(&names, writers(&found.protection)),
        inherited_from: inherited_from(service, caller, &found).await?,
        may_change: found.rights.permit,
        name: found.object.name,
    })
}

/// The group that an object inherits from. All readers of a dashboard that inherits can read its group.
async fn inherited_from(
    service: &Service,
    caller: &Caller,
    found: &ObjectAccess,
) -> Result<Option<(String, String)>, UiError> {
    let (Protection::Inherit, Some(id)) = (&found.object.protection, found.object.parent_id) else {
        return Ok(None);
    };
    let group = service.objects().find_dashboard_group(caller, id).await;
    Ok(Some((id.to_string(), report(group)?.name)))
}

/// The readers by the entries of an access control list.
pub(crate) async fn readers_of(
    service: &Service,
    caller: &Caller,
    entries: Vec<AclEntry>,
) -> Result<Allowed, UiError> {
    let protection = Protection::Entries(entries);
    let names = Names::find(service, caller, &protection.named()).await?;
    Ok(allowed(&names, readers(&protection)))
}

/// Names of users and teams; `None` means all members.
fn allowed(names: &Names, listed: Option<Vec<Principal>>) -> Allowed {
    listed.map_or(Allowed::AllMembers, |listed| {
        let listed = listed.into_iter();
        Allowed::These(listed.map(|principal| names.name(principal)).collect())
    })
}

/// The users and teams that may read; `None` for all members.
fn readers(protection: &Protection) -> Option<Vec<Principal>> {
    match protection {
        Protection::Open | Protection::Inherit | Protection::Writers(_) => None,
        Protection::Entries(_) => listed(protection, &[Right::Read, Right::Write]),
    }
}

/// The users and teams that may write; `None` for all members with a role that can write.
fn writers(protection: &Protection) -> Option<Vec<Principal>> {
    match protection {
        Protection::Open | Protection::Inherit => None,
        Protection::Writers(writers) => Some(writers.principals().collect()),
        Protection::Entries(_) => listed(protection, &[Right::Write]),
    }
}

/// The users and teams with one of these rights; `None` when the organization has it.
fn listed(protection: &Protection, rights: &[Right]) -> Option<Vec<Principal>> {
    let Protection::Entries(entries) = protection else {
        return None;
    };
    let with_right = entries
        .iter()
        .filter(|entry| entry.rights.iter().any(|right| rights.contains(right)));
    let mut found = Vec::new();
    for entry in with_right {
        if let Principal::Organization(_) = entry.principal {
            return None;
        }
        found.push(entry.principal);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use domain::platform::id::{OrganizationId, UserId};

    use super::*;

    fn entry(principal: Principal, rights: &[Right]) -> AclEntry {
        AclEntry {
            principal,
            rights: rights.to_vec(),
        }
    }

    #[test]
    fn writers_can_read_and_the_organization_means_all_members() {
        let ada = Principal::User(UserId(Id::from_bits(1)));
        let bob = Principal::User(UserId(Id::from_bits(2)));
        let organization = Principal::Organization(OrganizationId(Id::from_bits(3)));
        let some = Protection::Entries(vec![
            entry(ada, &[Right::Write]),
            entry(bob, &[Right::Read]),
        ]);
        assert_eq!(readers(&some), Some(vec![ada, bob]));
        assert_eq!(writers(&some), Some(vec![ada]));
        let all = Protection::Entries(vec![
            entry(organization, &[Right::Read]),
            entry(ada, &[Right::Write]),
        ]);
        assert_eq!(readers(&all), None);
        assert_eq!(writers(&all), Some(vec![ada]));
        assert_eq!(
            (readers(&Protection::Open), writers(&Protection::Open)),
            (None, None)
        );
    }
}
