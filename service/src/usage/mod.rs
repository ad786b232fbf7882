//! Counts of calls and measurements of the process.

pub(crate) mod counts;
pub(crate) mod handle;
pub(crate) mod meters;
