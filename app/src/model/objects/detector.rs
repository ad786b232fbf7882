//! Detectors: the list with its filters, and one with its rules.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{objects::object::ObjectRow, platform::list::Choices};

/// A detector in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorRow {
    /// What it has in common with other objects.
    pub object: ObjectRow,
    /// The tags.
    pub tags: Vec<String>,
    /// The number of its rules.
    pub rules: i64,
    /// The number of its disabled rules.
    pub disabled: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// The name of the user or token that created it.
    pub created_by: String,
}

/// Filters and page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DetectorQuery {
    /// A part of the name.
    pub search: String,
    /// The tag; empty for any.
    pub tag: String,
    /// The id of a linked team; empty for any.
    pub team: String,
    /// The id of the user or token that created it; empty for any.
    pub creator: String,
    /// The field to sort by, `-` before it for descending order.
    pub sort: String,
    /// The number of the page; the first is 1.
    pub page: i64,
}

/// A page of the list, with the choices of its filters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorList {
    /// The number of detectors in the whole list.
    pub count: i64,
    /// The detectors of this page.
    pub rows: Vec<DetectorRow>,
    /// All tags.
    pub tags: Vec<String>,
    /// The linked teams: id and name.
    pub teams: Choices,
    /// The creators: id and name.
    pub creators: Choices,
}

/// The content of a detector's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorDetail {
    /// The detector.
    pub row: DetectorRow,
    /// The SignalFlow program.
    pub program: String,
    /// The rules.
    pub rules: Vec<RuleView>,
    /// The linked teams.
    pub teams: Vec<TextLink>,
    /// The charts that refer to it and that the viewer can read.
    pub charts: Vec<TextLink>,
    /// Label and value of the other settings.
    pub settings: Vec<(String, String)>,
}

/// A text that may be a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextLink {
    /// The text.
    pub text: String,
    /// The address; empty for no link.
    pub href: String,
}

/// A text without a link.
impl From<String> for TextLink {
    fn from(text: String) -> Self {
        Self {
            text,
            href: String::new(),
        }
    }
}

/// A rule of a detector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleView {
    /// The label that the program publishes.
    pub label: String,
    /// The severity: `Critical` to `Info`.
    pub severity: String,
    /// The description.
    pub description: String,
    /// Whether it is disabled.
    pub disabled: bool,
    /// The recipients of its notifications.
    pub notifications: Vec<TextLink>,
    /// Label and value of its other settings, such as subject and reminder.
    pub settings: Vec<(String, TextLink)>,
}
