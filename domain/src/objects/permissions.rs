//! Who may read and write a dashboard, dashboard group, chart or detector (docs/contract.md#permissions).
//!
//! [`Protection`] is what is stored of one item; [`Effective`] is what it comes to, and the only thing the questions
//! [`may_read`], [`may_write`] and [`may_permit`] look at. What a request asks to change is [`PermissionRequest`],
//! what a response shows is [`Present`], and whether an operation goes ahead is one of the `decide_…` functions.
//! Whether a caller may call a route at all was asked before, in [`crate::identity::access`].

use serde::{Deserialize, Serialize};

use crate::{
    identity::actor::Actor,
    platform::id::{Id, OrganizationId, TeamId, UserId},
};

mod decision;
mod difference;
mod kind;
mod request;
mod shown;

pub use decision::{
    Change, Denied, decide_clone, decide_create, decide_create_dashboard, decide_delete,
    decide_delete_dashboard, decide_move, decide_read, decide_update, decide_write,
};
pub use difference::{Difference, Level, differences, has_writer};
pub use kind::ItemKind;
pub use request::{PermissionChange, PermissionRequest};
pub use shown::{Item, Present};

/// Who an entry of an access control list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Principal {
    /// One user.
    User(UserId),
    /// Whoever is in the team now.
    Team(TeamId),
    /// Everybody in the organization, its org tokens too.
    Organization(OrganizationId),
}

impl Principal {
    /// The principal's id.
    #[must_use]
    pub const fn id(self) -> Id {
        match self {
            Self::User(id) => id.0,
            Self::Team(id) => id.0,
            Self::Organization(id) => id.0,
        }
    }

    /// What the API calls this sort of principal (`principalType`).
    #[must_use]
    pub const fn type_label(self) -> &'static str {
        match self {
            Self::User(_) => "USER",
            Self::Team(_) => "TEAM",
            Self::Organization(_) => "ORG",
        }
    }
}

/// What an entry allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Right {
    /// See the item.
    Read,
    /// Change the item; implies seeing it.
    Write,
}

impl Right {
    /// What the API calls the right (`actions`).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
        }
    }
}

/// One entry of an access control list, as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclEntry {
    /// For whom.
    pub principal: Principal,
    /// What they may do, in the order given.
    pub rights: Vec<Right>,
}

/// The users and teams who alone may write (docs/contract.md#permission-fields, `authorizedWriters`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Writers {
    /// Users, in the order given.
    pub users: Vec<UserId>,
    /// Teams, in the order given.
    pub teams: Vec<TeamId>,
}

impl Writers {
    /// The users, then the teams.
    pub fn principals(&self) -> impl Iterator<Item = Principal> {
        let users = self.users.iter().copied().map(Principal::User);
        users.chain(self.teams.iter().copied().map(Principal::Team))
    }
}

/// How an item is protected: the stored mode of docs/contract.md#effective-acl.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Everybody in the organization reads and writes: the default of groups, detectors and all else.
    Open,
    /// A dashboard goes by its group: the default of dashboards.
    Inherit,
    /// Everybody reads, these write.
    Writers(Writers),
    /// Exactly these.
    Entries(Vec<AclEntry>),
}

impl Protection {
    /// The users and teams the protection names. The organization always exists and is left out.
    #[must_use]
    pub fn named(&self) -> Vec<Principal> {
        match self {
            Self::Open | Self::Inherit => Vec::new(),
            Self::Writers(writers) => writers.principals().collect(),
            Self::Entries(entries) => entries
                .iter()
                .map(|entry| entry.principal)
                .filter(|principal| !matches!(principal, Principal::Organization(_)))
                .collect(),
        }
    }

    /// The entries the protection comes to by itself (docs/contract.md#effective-acl). `Inherit` has none of its own.
    fn entries(&self, organization_id: OrganizationId) -> Vec<AclEntry> {
        let entry = |principal, rights: &[Right]| AclEntry {
            principal,
            rights: rights.to_vec(),
        };
        let everybody = Principal::Organization(organization_id);
        match self {
            Self::Open => vec![entry(everybody, &[Right::Read, Right::Write])],
            Self::Inherit => Vec::new(),
            Self::Writers(writers) => writers
                .principals()
                .map(|writer| entry(writer, &[Right::Read, Right::Write]))
                .chain([entry(everybody, &[Right::Read])])
                .collect(),
            Self::Entries(entries) => entries.clone(),
        }
    }
}

/// What an item's protection comes to: the effective ACL of docs/contract.md#effective-acl.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    organization_id: OrganizationId,
    entries: Vec<AclEntry>,
}

impl Effective {
    /// Of a dashboard group or a detector. A chart that is on no dashboard goes by [`Protection::Open`]
    /// (docs/contract.md#charts).
    ///
    /// `organization_id` is the one the caller acts in; an item of another one is never loaded.
    /// [`Protection::Inherit`] allows nobody anything here: a dashboard has [`Self::of_dashboard`].
    #[must_use]
    pub fn of(organization_id: OrganizationId, protection: &Protection) -> Self {
        Self {
            organization_id,
            entries: protection.entries(organization_id),
        }
    }

    /// Of a dashboard in a group, and so of the charts on it.
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

    /// Who may read: `None` when everybody in the organization may, else each principal once. Administrators, who
    /// always may, are not in it. What a list of items is filtered by, with [`principals`].
    #[must_use]
    pub fn readers(&self) -> Option<Vec<Principal>> {
        let everybody = Principal::Organization(self.organization_id);
        let mut readers = Vec::new();
        for entry in self.entries.iter().filter(|entry| !entry.rights.is_empty()) {
            if entry.principal == everybody {
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

/// As whom an actor is met in an access control list (docs/contract.md#effective-acl): a user as themself, each of
/// their teams and the organization; an org token as the organization only; the server itself as nobody, for it does
/// not ask.
#[must_use]
pub fn principals(actor: &Actor, organization_id: OrganizationId) -> Vec<Principal> {
    let everybody = Principal::Organization(organization_id);
    match actor {
        Actor::User(user) => [Principal::User(user.id), everybody]
            .into_iter()
            .chain(user.teams.iter().copied().map(Principal::Team))
            .collect(),
        Actor::OrgToken(_) => vec![everybody],
        Actor::System => Vec::new(),
    }
}

/// READ: an entry matches, with either right, or the actor is an administrator.
#[must_use]
pub fn may_read(actor: &Actor, item: &Effective) -> bool {
    actor.is_administrator() || item.allows(actor, &[Right::Read, Right::Write])
}

/// WRITE: the actor's role is power or admin *and* an entry matches with WRITE. An administrator who is not listed
/// may not write: they first grant themself the permission.
#[must_use]
pub fn may_write(actor: &Actor, item: &Effective) -> bool {
    actor.roles().is_writer() && item.allows(actor, &[Right::Write])
}

/// MAY-PERMIT: a user, never an org token, who may write the item or is an administrator.
#[must_use]
pub fn may_permit(actor: &Actor, item: &Effective) -> bool {
    actor.as_user().is_some() && (may_write(actor, item) || actor.is_administrator())
}

#[cfg(test)]
mod tests;
