//! Integrations: the list with its filters, and one with its settings.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::platform::list::Choices;

/// An integration in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type, by the API's name.
    pub kind: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// What came of its last validation.
    pub validated: Validated,
    /// When it was made.
    pub created_at: Timestamp,
    /// The name of the user or token that did it.
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The name of the user or token that did it.
    pub updated_by: String,
}

/// What is known of whether an integration works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Validated {
    /// Not validated since the last change.
    Not,
    /// It was sound then.
    Sound(Timestamp),
    /// It was not, and why.
    Failed(Timestamp, String),
}

/// Which integrations are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IntegrationQuery {
    /// What is searched for in names.
    pub search: String,
    /// The type to list; empty for any.
    pub kind: String,
    /// `enabled`, `disabled`, or any.
    pub state: String,
    /// The id of the creator to list; empty for any.
    pub creator: String,
    /// By what they are sorted.
    pub sort: String,
    /// Which page, the first is 1.
    pub page: i64,
}

/// A page of the list of integrations, and what it can be narrowed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationList {
    /// How many the whole list has.
    pub count: i64,
    /// Those of this page.
    pub rows: Vec<IntegrationRow>,
    /// Who made one: id and name.
    pub creators: Choices,
}

/// An integration as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationDetail {
    /// The integration.
    pub row: IntegrationRow,
    /// What is set of it, each with its name.
    pub facts: Vec<(String, String)>,
    /// Its secrets, each with whether there is one.
    pub secrets: Vec<(String, bool)>,
    /// Whether validation needs an answer of its host.
    pub is_asked: bool,
}
