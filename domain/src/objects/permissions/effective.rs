//! The effective ACL of an item, and what it allows an actor to do.

use super::protection::{AclEntry, Principal, Protection, Right};
use crate::{identity::actor::Actor, platform::id::OrganizationId};

/// The effective ACL of an item (docs/contract.md#effective-acl).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    organization_id: OrganizationId,
    pub(super) entries: Vec<AclEntry>,
}

impl Effective {
    /// The ACL of a dashboard group or a detector. A chart that is on no dashboard has [`Protection::Open`]
    /// (docs/contract.md#charts).
    ///
    /// `organization_id` is the caller's; items of another organization are never loaded. [`Protection::Inherit`]
    /// allows nothing here: for dashboards see [`Self::of_dashboard`].
    #[must_use]
    pub fn of(organization_id: OrganizationId, protection: &Protection) -> Self {
        Self {
            organization_id,
            entries: protection.entries(organization_id),
        }
    }

    /// The ACL of a dashboard in a group, and of the charts on it.
    #[must_use]
    pub fn of_dashboard(
        organization_id: OrganizationId,
        dashboard: &Protection,
        group: &Protection,
    ) -> Self {
        match dashboard {
            Protection::Inherit => Self::of(organization_id, group),
            Protection::Open | Protection::Writers(_) | Protection::Entries(_) => {
                Self::of(organization_id, dashboard)
            }
        }
    }

    /// The principals that may read, each once; `None` when the whole organization may. Administrators, who always may,
    /// are not included. Lists are filtered by it, with [`principals`].
    #[must_use]
    pub fn readers(&self) -> Option<Vec<Principal>> {
        let organization = Principal::Organization(self.organization_id);
        let mut readers = Vec::new();
        for entry in self.entries.iter().filter(|entry| !entry.rights.is_empty()) {
            if entry.principal == organization {
                return None;
            }
            if !readers.contains(&entry.principal) {
                readers.push(entry.principal);
            }
        }
        Some(readers)
    }

    fn allows(&self, actor: &Actor, rights: &[Right]) -> bool {
        let principals = principals(actor, self.organization_id);
        self.entries.iter().any(|entry| {
            principals.contains(&entry.principal)
                && entry.rights.iter().any(|right| rights.contains(right))
        })
    }
}

/// The principals of an actor (docs/contract.md#effective-acl): a user is themself, each of their teams and the
/// organization; an org token is the organization only; the system is no principal, because no object has to list it.
#[must_use]
pub fn principals(actor: &Actor, organization_id: OrganizationId) -> Vec<Principal> {
    let organization = Principal::Organization(organization_id);
    match actor {
        Actor::User(user) => [Principal::User(user.id), organization]
            .into_iter()
            .chain(user.teams.iter().copied().map(Principal::Team))
            .collect(),
        Actor::OrgToken(_) => vec![organization],
        Actor::System => Vec::new(),
    }
}

/// READ: an entry with either right matches, or the actor is an administrator or the system.
#[must_use]
pub fn may_read(actor: &Actor, item: &Effective) -> bool {
    is_system(actor)
        || actor.has_administrator_role()
        || item.allows(actor, &[Right::Read, Right::Write])
}

/// WRITE: the actor's role is power or admin *and* an entry with WRITE matches. An unlisted administrator may not write
/// before granting themself the permission. The system may write every item
/// (docs/decisions/0037-imports-are-made-by-the-command-line.md).
#[must_use]
pub fn may_write(actor: &Actor, item: &Effective) -> bool {
    is_system(actor) || actor.roles().is_writer() && item.allows(actor, &[Right::Write])
}

/// MAY-PERMIT: the actor is not an org token, and may write the item or is an administrator.
#[must_use]
pub fn may_permit(actor: &Actor, item: &Effective) -> bool {
    match actor {
        Actor::System => true,
        Actor::User(_) => may_write(actor, item) || actor.has_administrator_role(),
        Actor::OrgToken(_) => false,
    }
}

const fn is_system(actor: &Actor) -> bool {
    matches!(actor, Actor::System)
}
