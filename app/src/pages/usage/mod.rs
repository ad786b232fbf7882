//! Counts of calls.

pub mod figures;
pub mod page;
pub mod query;
pub(crate) mod server;
pub mod tables;
