//! The audit log.

pub mod info;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
