//! Shared objects: alert muting rules, data links and SLOs, as lists and pages show them.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::objects::{content_kind::ContentKind, detector::TextLink, object::ObjectRow};

/// A shared object in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedRow {
    /// What it has in common with other objects.
    pub object: ObjectRow,
    /// Whether it is in force, where that depends on the time: "Ongoing". Empty otherwise.
    pub state: String,
    /// What it does, in a line.
    pub summary: String,
}

/// Filters and page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedQuery {
    /// The kind of the objects.
    pub kind: ContentKind,
    /// A part of the name.
    pub search: String,
    /// The state; empty for any.
    pub state: String,
    /// The field to sort by, `-` before it for descending order.
    pub sort: String,
    /// The number of the page; the first is 1.
    pub page: i64,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedList {
    /// The number of objects in the whole list.
    pub count: i64,
    /// The objects of this page.
    pub rows: Vec<SharedRow>,
}

/// The content of a shared object's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedDetail {
    /// The object.
    pub row: SharedRow,
    /// When it was created.
    pub created_at: Timestamp,
    /// The name of the user or token that created it.
    pub created_by: String,
    /// What it does.
    pub facts: Vec<Fact>,
    /// The groups of further facts, such as the targets of a data link.
    pub sections: Vec<Section>,
    /// The SignalFlow program; empty for kinds without one.
    pub program: String,
}

/// A label and its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// The values, one on a line.
    pub values: Vec<TextLink>,
}

/// Facts below a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The facts.
    pub facts: Vec<Fact>,
}
