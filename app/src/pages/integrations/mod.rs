//! Integrations: the list, one integration, and its form.

pub mod detail;
pub mod field;
pub mod form;
#[cfg(feature = "ssr")]
pub(crate) mod form_server;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
pub(crate) mod types;
