//! Dashboards: the list, and one dashboard with its charts.

pub mod detail;
#[cfg(feature = "ssr")]
pub(crate) mod filters;
pub mod grid;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
