//! The audit log: actions and events, and queries of the audit log and the call log.
//!
//! Start with [`event::AuditEvent`]; [`events::Events`] are those of one commit. May use: `platform`, `identity`.

pub(crate) mod action;
pub mod event;
pub mod events;
pub mod query;
