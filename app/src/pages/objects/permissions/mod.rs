//! Permissions: who may read and write an object, and the form that changes it.

pub mod dialog;
pub mod form;
#[cfg(feature = "ssr")]
pub(crate) mod form_server;
#[cfg(feature = "ssr")]
pub(crate) mod principals;
#[cfg(feature = "ssr")]
pub(crate) mod server;
