//! Teams: the list, one team, its form, and its server functions.

pub mod detail;
pub mod form;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
