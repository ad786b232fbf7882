//! Detectors: the list with its filters, and one with its rules.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{objects::object::May, platform::list::Choices};

/// A detector in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// How many rules it has.
    pub rules: i64,
    /// How many of them are disabled.
    pub disabled: i64,
    /// What the reader may do with it.
    pub may: May,
    /// When it was made.
    pub created_at: Timestamp,
    /// The name of the user or token that did it.
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The name of the user or token that did it.
    pub updated_by: String,
}

/// Which detectors are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DetectorQuery {
    /// What is searched for in names.
    pub search: String,
    /// With this tag.
    pub tag: String,
    /// Linked to the team of this id.
    pub team: String,
    /// The id of the creator to list; empty for any.
    pub creator: String,
    /// By what they are sorted.
    pub sort: String,
    /// Which page, the first is 1.
    pub page: i64,
}

/// A page of the list of detectors, and what it can be narrowed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorList {
    /// How many the whole list has.
    pub count: i64,
    /// Those of this page.
    pub rows: Vec<DetectorRow>,
    /// Tags.
    pub tags: Vec<String>,
    /// Teams: id and name.
    pub teams: Choices,
    /// Who made one: id and name.
    pub creators: Choices,
}

/// A detector as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorDetail {
    /// The detector.
    pub row: DetectorRow,
    /// The program it runs.
    pub program: String,
    /// When it notifies, and which recipients.
    pub rules: Vec<RuleView>,
    /// What belongs to it: teams, charts.
    pub teams: Vec<Link>,
    /// The charts that name it and may be read.
    pub charts: Vec<Link>,
    /// Its other settings, each with its name.
    pub facts: Vec<(String, String)>,
}

/// Something by name, with its page where it has one that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its name, or words.
    pub words: String,
    /// Its page; empty for none.
    pub href: String,
}

/// A rule of a detector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleView {
    /// The label of the program it goes by.
    pub label: String,
    /// How bad it is.
    pub severity: String,
    /// What it is about.
    pub description: String,
    /// Whether it is off.
    pub disabled: bool,
    /// The recipients, as text.
    pub notifications: Vec<Link>,
    /// What else it says: subject, body, runbook, tip, reminder; each with its name.
    pub says: Vec<(String, Link)>,
}
