//! Dashboard groups: the list, and one with its dashboards.
//!
//! Start with `detail`. May use what its room `objects` may use.

pub mod dashboards;
pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
mod server;
