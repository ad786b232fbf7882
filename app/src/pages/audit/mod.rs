//! The audit log, and Info of an object.

pub mod info;
#[cfg(feature = "ssr")]
mod info_server;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
