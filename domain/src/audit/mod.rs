//! The audit log: actions and events, and queries of the audit log and the call log.
//!
//! Start with [`event::AuditEvent`]; [`events::Events`] are those of one commit. May use: `platform`, `identity`.

pub(crate) mod action;
pub(crate) mod attribution;
pub(crate) mod catalog_kind;
pub(crate) mod changes;
pub mod content;
pub mod event;
pub mod events;
pub(crate) mod object_type;
pub(crate) mod position;
pub mod query;
pub(crate) mod shared_kind;
