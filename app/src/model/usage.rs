//! Counts of API calls.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Calls, counted in every way the page tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageFound {
    /// From when.
    pub from: Timestamp,
    /// To before when.
    pub to: Timestamp,
    /// How long the steps are, in microseconds.
    pub step_micros: i64,
    /// All of them.
    pub total: UsageNumbers,
    /// By user; not when they are all of one.
    pub people: Option<UsageGroups>,
    /// By token.
    pub tokens: UsageGroups,
    /// By route.
    pub routes: UsageGroups,
    /// By status.
    pub statuses: UsageGroups,
    /// What the user, the token and the route are called to which the calls are narrowed.
    pub narrowed: Vec<Narrowed>,
}

/// Something calls are narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowed {
    /// Its name in the address.
    pub filter: String,
    /// What it is about: "User".
    pub label: String,
    /// What it is called.
    pub words: String,
    /// Its own page, if it has one.
    pub page: Option<String>,
}

/// Calls gathered in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageGroups {
    /// Those with the most calls, the most first; at the end, under no name, all others together.
    pub rows: Vec<UsageRow>,
}

/// Calls that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    /// What they have in common, for the address; empty for those that cannot be narrowed to.
    pub value: String,
    /// What that is called.
    pub title: String,
    /// What else is known of it.
    pub detail: String,
    /// How many they are.
    pub numbers: UsageNumbers,
    /// How many in each step.
    pub series: Vec<i64>,
}

/// How many calls, and what they came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UsageNumbers {
    /// Calls.
    pub calls: i64,
    /// Of them, refused ones.
    pub refused: i64,
    /// Of them, failed ones.
    pub failed: i64,
    /// How long they took in all, in microseconds.
    pub duration_us: i64,
    /// Bytes answered.
    pub bytes: i64,
}
