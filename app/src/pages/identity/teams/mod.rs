//! Teams: the list, one team, its form, and its server functions.
//!
//! Start with `list`. May use what its room `identity` may use.

pub mod detail;
pub mod form;
pub mod links;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
