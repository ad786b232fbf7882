//! The audit log.

pub mod info;
pub mod log;
pub mod query;
