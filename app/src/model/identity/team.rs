//! Teams.

use domain::{audit::event::ObjectType, platform::timestamp::Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::platform::list::{Choices, ListPage};

/// A team in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Number of members.
    pub members: i64,
    /// Number of dashboard groups and detectors that name the team.
    pub links: i64,
    /// Whether the viewer is a member.
    pub is_mine: bool,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Name of the creator.
    pub created_by: String,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Name of the member who made it.
    pub updated_by: String,
}

/// A team on its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamDetail {
    /// The team.
    pub row: TeamRow,
    /// The viewer's user id, if they are a member.
    pub me: Option<String>,
    /// A page of the members, in the order in which they joined.
    pub members: ListPage<TeamMember>,
    /// The first linked objects that the viewer may read.
    pub linked: ListPage<LinkedObject>,
    /// Email addresses and names of other members of the organization, as suggestions.
    pub others: Choices,
}

/// A member of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMember {
    /// User id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Email address; empty for a user who left the organization.
    pub email: String,
    /// Whether this is the viewer.
    pub is_me: bool,
}

/// A dashboard group or detector that names a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedObject {
    /// Object type.
    pub kind: ObjectType,
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}
