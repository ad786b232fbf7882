//! Shared kernel: ids, times, names, pages, limits, JSON.

pub(crate) mod commit_batch;
pub(crate) mod dialect;
pub(crate) mod error;
pub(crate) mod folded_name;
pub(crate) mod row;
pub(crate) mod transaction;
