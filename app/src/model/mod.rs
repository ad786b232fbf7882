//! What pages show, as plain data. Nothing here uses a page, a part of the user interface or the service.

#[cfg(feature = "ssr")]
pub(crate) mod document;
