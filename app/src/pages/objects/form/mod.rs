//! The form of a dashboard, dashboard group or detector.
//!
//! Start with `page`. May use what its room `objects` may use.

pub mod fields;
pub mod page;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
pub(super) mod values;
