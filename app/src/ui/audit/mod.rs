//! The audit log as rows: events, calls and their changes.

pub mod events;
pub mod log;
