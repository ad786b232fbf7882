//! Counts of calls and measurements of the process.
//!
//! Start with [`crate::UsageCounts`]. May use: `platform`, `audit`, `ingest`, `tokens`.

pub(crate) mod count_calls;
pub(crate) mod counts;
pub(crate) mod handle;
pub(crate) mod meters;
pub(crate) mod old_counts;
pub(crate) mod usage_groups;
