//! The form of a dashboard, a dashboard group or a detector.

pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod server;
