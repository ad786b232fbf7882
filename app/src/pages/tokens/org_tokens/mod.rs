//! Org tokens: the list, one token, its form, and rotation.
//!
//! Start with `list`. May use what its room `tokens` may use.

pub mod actions;
pub mod detail;
pub mod form;
#[cfg(feature = "ssr")]
pub(crate) mod form_server;
#[cfg(feature = "ssr")]
mod limits;
pub mod list;
pub mod secret;
pub mod secret_page;
#[cfg(feature = "ssr")]
pub(crate) mod server;
