//! Integrations and their validation. Start with [`catalog`], then `catalog_changes`; [`check`] probes the host of an
//! integration.
//!
//! May use: `platform`, `audit`, `objects`.

pub(crate) mod catalog;
pub(crate) mod catalog_changes;
pub(crate) mod check;
pub(crate) mod handle;
pub(crate) mod probe;
pub(crate) mod secrets;
