//! A dashboard group with its dashboards.

use serde::{Deserialize, Serialize};

use crate::model::objects::object::ObjectRow;

/// A dashboard group in the list and on its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// The group.
    pub row: ObjectRow,
    /// Its dashboards that the viewer can read, in the order of the group.
    pub dashboards: Vec<GroupDashboard>,
    /// The names of the linked teams.
    pub teams: Vec<String>,
}

/// A dashboard in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDashboard {
    /// The id.
    pub id: String,
    /// The name that the group shows.
    pub name: String,
    /// Whether it belongs to another group.
    pub is_mirrored: bool,
}
