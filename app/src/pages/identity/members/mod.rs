//! Members: the list, one member, and operations of administrators.

pub mod actions;
pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
