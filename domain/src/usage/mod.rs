//! Counts of API calls.
//!
//! Start with [`query::Range`]. May use: `platform`.

pub mod query;
