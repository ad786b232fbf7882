//! Detectors: the list, and one detector with its rules.

pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
