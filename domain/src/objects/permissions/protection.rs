//! The stored protection of an item: its mode, and the principals it names.

use serde::{Deserialize, Serialize};

use crate::platform::id::{Id, OrganizationId, TeamId, UserId};

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

    /// The entries that the protection is equivalent to (docs/contract.md#effective-acl). `Inherit` has none of its own.
    pub(super) fn entries(&self, organization_id: OrganizationId) -> Vec<AclEntry> {
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
