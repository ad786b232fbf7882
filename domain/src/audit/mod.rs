//! The audit log.

pub(crate) mod action;
pub mod event;
pub mod query;
