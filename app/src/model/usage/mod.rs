//! Counts of API calls: the report of a period, by user, token, route and status. Start with [`UsageReport`]. May use
//! the rest of `model`.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The calls of a period, counted in every way the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageReport {
    /// The begin of the period.
    pub from: Timestamp,
    /// The end of the period; calls at this time are not counted.
    pub to: Timestamp,
    /// The length of a step, in microseconds.
    pub step_micros: i64,
    /// Whether the viewer sees the calls of all users.
    pub covers_all_users: bool,
    /// All calls together.
    pub total: CallCounts,
    /// By user; `None` when all calls are of one user.
    pub people: Option<Vec<UsageRow>>,
    /// By token.
    pub tokens: Vec<UsageRow>,
    /// By route.
    pub routes: Vec<UsageRow>,
    /// By status.
    pub statuses: Vec<UsageRow>,
    /// The user, token and route filters that are set, by name.
    pub active_filters: Vec<ActiveFilter>,
}

/// A filter that is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveFilter {
    /// Its parameter in the address.
    pub parameter: String,
    /// Its label: "User".
    pub label: String,
    /// The name of the user, token or route.
    pub name: String,
    /// The page of the user or token, if there is one.
    pub page: Option<String>,
}

/// Calls that have a user, token, route or status in common. Groups are sorted by calls, the most first; the last one
/// may hold all other groups together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    /// The value of the filter that selects these calls; empty when no filter does.
    pub value: String,
    /// The name of the group.
    pub title: String,
    /// More about it, such as an email address.
    pub detail: String,
    /// The counts of the whole period.
    pub counts: CallCounts,
    /// The calls of each step.
    pub series: Vec<i64>,
}

/// Counts over a number of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CallCounts {
    /// Calls.
    pub calls: i64,
    /// Calls with a status 4xx.
    pub rejected: i64,
    /// Calls with a status 5xx.
    pub failed: i64,
    /// The sum of their durations, in microseconds.
    pub duration_us: i64,
    /// The sum of the bytes of their responses.
    pub bytes: i64,
}
