//!

pub mod dialog;
pub mod form;
#[cfg(feature = "ssr")]
pub(crate) mod form_server;
#[cfg(feature = "ssr")]
pub(crate) mod principals;
#[cfg(feature = "ssr")]
pub(crate) mod server;
