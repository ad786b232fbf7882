//! Counts of calls.

pub(crate) mod counts;
pub(crate) mod schema;
