//! Who may read and write an item (contract 4).

use serde::{Deserialize, Serialize};

use crate::id::{Id, OrganizationId, TeamId, UserId};

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

/// One entry of an access control list, as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclEntry {
    /// For whom.
    pub principal: Principal,
    /// What they may do, in the order given.
    pub rights: Vec<Right>,
}

/// The users and teams who alone may write (contract 4.4, `authorizedWriters`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Writers {
    /// Users, in the order given.
    pub users: Vec<UserId>,
    /// Teams, in the order given.
    pub teams: Vec<TeamId>,
}

/// How an item is protected: the stored mode of contract 4.1.
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
