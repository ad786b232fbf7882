//! Counts of calls by time, caller, token and route. May use `platform`, and `audit` for its call blocks.
//!
//! Start with `uncounted_block`, which counts; `usage_count` has the queries, `usage_removal` removal by age.

pub(crate) mod call_counts;
pub(crate) mod uncounted_block;
pub(crate) mod usage_count;
pub(crate) mod usage_filter;
pub(crate) mod usage_name;
pub(crate) mod usage_removal;
