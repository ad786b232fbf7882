//! The audit log.

pub mod info;
pub mod list;
pub(crate) mod server;
