//! Dashboards: the list, and one with its filters and charts.
//!
//! Start with `detail`. May use what its room `objects` may use.

pub mod charts;
pub mod detail;
#[cfg(feature = "ssr")]
mod filters;
mod grid;
pub mod list;
#[cfg(feature = "ssr")]
mod server;
