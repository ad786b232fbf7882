//! Counts of calls.

pub(crate) mod counts;
pub(crate) mod handle;
pub(crate) mod meters;
