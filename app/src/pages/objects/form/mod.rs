//! The form of a dashboard, dashboard group or detector.

pub mod fields;
pub mod page;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
pub(super) mod values;
