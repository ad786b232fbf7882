//! Members: the list, one member, and operations of administrators.
//!
//! Start with `list`. May use what its room `identity` may use.

pub mod actions;
pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
