//! Members: the list, one member, and what administrators do with a member.

pub mod actions;
pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
