//! The stored protection of an item: its mode, and the principals it names.

use serde::{Deserialize, Serialize};

use crate::platform::id::{Id, OrganizationId, TeamId, UserId};

/// The principal of an access control entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Principal {
    /// A user.
    User(UserId),
    /// The current members of a team.
    Team(TeamId),
    /// All members of the organization and its org tokens.
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

    /// The label in the API (`principalType`).
    #[must_use]
    pub const fn type_label(self) -> &'static str {
        match self {
            Self::User(_) => "USER",
            Self::Team(_) => "TEAM",
            Self::Organization(_) => "ORG",
        }
    }
}

/// A right that an entry grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Right {
    /// Read the item.
    Read,
    /// Write the item; implies reading.
    Write,
}

impl Right {
    /// The label in the API (`actions`).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
        }
    }
}

/// An access control entry, as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclEntry {
    /// The principal.
    pub principal: Principal,
    /// The rights, in the given order.
    pub rights: Vec<Right>,
}

/// The users and teams that alone may write (docs/contract.md#permission-fields, `authorizedWriters`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Writers {
    /// Users, in the given order.
    pub users: Vec<UserId>,
    /// Teams, in the given order.
    pub teams: Vec<TeamId>,
}

impl Writers {
    /// The users, then the teams.
    pub fn principals(&self) -> impl Iterator<Item = Principal> {
        let users = self.users.iter().copied().map(Principal::User);
        users.chain(self.teams.iter().copied().map(Principal::Team))
    }
}

/// The protection of an item: the stored mode of docs/contract.md#effective-acl.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// All members read and write: the default of everything but dashboards.
    Open,
    /// A dashboard has the protection of its group: the default of dashboards.
    Inherit,
    /// All members read, these write.
    Writers(Writers),
    /// Exactly these entries.
    Entries(Vec<AclEntry>),
}

impl Protection {
    /// The users and teams that the protection names, without the organization, which always exists.
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

    /// The equivalent entries (docs/contract.md#effective-acl). `Inherit` has none.
    pub(super) fn entries(&self, organization_id: OrganizationId) -> Vec<AclEntry> {
        let entry = |principal, rights: &[Right]| AclEntry {
            principal,
            rights: rights.to_vec(),
        };
        let organization = Principal::Organization(organization_id);
        match self {
            Self::Open => vec![entry(organization, &[Right::Read, Right::Write])],
            Self::Inherit => Vec::new(),
            Self::Writers(writers) => writers
                .principals()
                .map(|writer| entry(writer, &[Right::Read, Right::Write]))
                .chain([entry(organization, &[Right::Read])])
                .collect(),
            Self::Entries(entries) => entries.clone(),
        }
    }
}
