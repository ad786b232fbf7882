//! The metric catalog: gathering it from data, searching it, and changing what requests gave it (docs/ingest.md).
//!
//! [`gathered`] is on the path of every datapoint; [`store`] stores what it gathered; [`entries`] and [`search`] are the
//! operations.

pub(crate) mod changes;
pub(crate) mod entries;
pub(crate) mod gathered;
pub(crate) mod search;
pub(crate) mod series;
pub(crate) mod store;
pub(crate) mod walk;
