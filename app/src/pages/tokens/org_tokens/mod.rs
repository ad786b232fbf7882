//! Org tokens: the list, one token, its form, and rotation.

pub mod actions;
pub mod detail;
pub mod form;
#[cfg(feature = "ssr")]
pub(crate) mod form_server;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
