//! Counts of calls.

pub(crate) mod tally;
pub(crate) mod uncounted_block;
pub(crate) mod usage_count;
pub(crate) mod usage_name;
