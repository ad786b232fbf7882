//! The audit log and the call log, checkpoints over both, their export and their removal by age. Uses `platform`.
//!
//! Start with `write`: every transaction of an operation ends there, with its audit events. `audit_event` and
//! `event_list` hold the audit log, `calls` the call log, `checkpoint` what proves both.

pub(crate) mod audit_event;
pub(crate) mod backlog;
pub(crate) mod calls;
pub(crate) mod checkpoint;
pub(crate) mod commit_batch;
pub(crate) mod event_filter;
pub(crate) mod event_list;
pub(crate) mod event_row;
pub(crate) mod hashed_row;
pub(crate) mod recorded_event;
pub(crate) mod retention;
pub(crate) mod sink;
pub(crate) mod write;

pub(crate) use self::write::Write;
