//! Dashboard groups: the list and one group.

pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
