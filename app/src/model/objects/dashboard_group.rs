//! A dashboard group with its dashboards.

use serde::{Deserialize, Serialize};

use crate::model::objects::object::ObjectRow;

/// A dashboard group as pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// The group.
    pub row: ObjectRow,
    /// Its dashboards, in its order; those the reader may not read are left out.
    pub places: Vec<Place>,
    /// The teams it is linked to, by name.
    pub teams: Vec<String>,
}

/// A dashboard in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The dashboard's id.
    pub dashboard_id: String,
    /// What it is called here.
    pub name: String,
    /// Whether it belongs to another group and is only shown here.
    pub mirrored: bool,
}
