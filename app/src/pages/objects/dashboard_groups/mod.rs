//! Dashboard groups: the list, and one with its dashboards.

pub mod dashboards;
pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
mod server;
