//! Objects in lists, and what the viewer may do with them.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// An object in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What the reader may do with it.
    pub may: May,
    /// The id and the name of the group it is in, where the reader may read it.
    pub group: Option<(String, String)>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The name of the user or token that did it.
    pub updated_by: String,
}

/// What the reader may do with an object, besides reading: what pages offer, never what the service allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct May {
    /// Change what it says.
    pub edit: bool,
    /// Change who may read and write it.
    pub permit: bool,
    /// Delete it.
    pub delete: bool,
}

/// A page of a list of objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectPage {
    /// How many the whole list has.
    pub count: i64,
    /// Those of this page.
    pub rows: Vec<ObjectRow>,
}
