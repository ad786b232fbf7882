//! Dashboards: the list, and one with its filters and charts.

pub mod charts;
pub mod detail;
#[cfg(feature = "ssr")]
mod filters;
mod grid;
pub mod list;
#[cfg(feature = "ssr")]
mod server;
