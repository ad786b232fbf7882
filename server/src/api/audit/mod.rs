//! The audit log.

pub(crate) mod events;
pub(crate) mod find;
pub(crate) mod info;
pub(crate) mod present;
pub(crate) mod schema;
pub(crate) mod window;
