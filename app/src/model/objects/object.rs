//! Objects in lists, and what the viewer may do with them.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A dashboard, dashboard group or detector in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRow {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// What the viewer may do with it.
    pub rights: ObjectRights,
    /// The id and the name of its group; `None` without a group that the viewer can read.
    pub group: Option<(String, String)>,
    /// When it was last updated.
    pub updated_at: Timestamp,
    /// The name of the user or token that last updated it.
    pub updated_by: String,
}

/// What the viewer may do with an object, besides reading it. Pages offer operations by it; the service decides again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObjectRights {
    /// Change its content.
    pub edit: bool,
    /// Change its permissions.
    pub permit: bool,
    /// Delete it.
    pub delete: bool,
}

/// A page of a list of objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectPage {
    /// The number of objects in the whole list.
    pub count: i64,
    /// The objects of this page.
    pub rows: Vec<ObjectRow>,
}
