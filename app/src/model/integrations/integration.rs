//! Integrations: the list with its filters, and one with its settings.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::platform::list::Choices;

/// An integration in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationRow {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The type, as in the API.
    pub kind: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// The result of its last validation.
    pub validation: ValidationResult,
    /// When it was created.
    pub created_at: Timestamp,
    /// The name of the user or token that created it.
    pub created_by: String,
    /// When it was last updated.
    pub updated_at: Timestamp,
    /// The name of the user or token that last updated it.
    pub updated_by: String,
}

/// The result of validating an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValidationResult {
    /// It was not validated since its last update.
    Missing,
    /// It was valid at this time.
    Passed(Timestamp),
    /// Its settings were complete at this time; no connection was tried, for this reason.
    NotTried(Timestamp, String),
    /// It was not valid at this time, for this reason.
    Failed(Timestamp, String),
}

/// Filters and page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IntegrationQuery {
    /// A part of the name.
    pub search: String,
    /// The type; empty for any.
    pub kind: String,
    /// `enabled`, `disabled`, or empty for any.
    pub state: String,
    /// The id of the user who created it; empty for any.
    pub creator: String,
    /// The field to sort by, `-` before it for descending order.
    pub sort: String,
    /// The number of the page; the first is 1.
    pub page: i64,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationList {
    /// The number of integrations that match.
    pub count: i64,
    /// The integrations on this page.
    pub rows: Vec<IntegrationRow>,
    /// The choices of the creator filter.
    pub creators: Choices,
}

/// An integration with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationDetail {
    /// The integration.
    pub row: IntegrationRow,
    /// Label and value of each setting.
    pub settings: Vec<(String, String)>,
    /// Label of each secret, and whether one is stored.
    pub secrets: Vec<(String, bool)>,
    /// Whether validating it connects to the host it sends to.
    pub connects: bool,
}
