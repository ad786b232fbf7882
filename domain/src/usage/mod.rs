//! Counts of calls.

pub mod query;
