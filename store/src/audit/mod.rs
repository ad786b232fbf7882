//! The audit log and the call log: checkpoints over both, sinks, and removal by age. May use `platform`.
//!
//! Start with `write`: every operation commits there, with its audit events. `audit_event` and `event_list` have the
//! audit log, `calls` the call log, `checkpoint` the checkpoints, `tree_checkpoint` their tree, `idempotent_result` the
//! responses to repeated requests, `states` what the log says of the rows of other tables.

pub(crate) mod audit_event;
pub(crate) mod backlog;
pub(crate) mod calls;
pub(crate) mod checkpoint;
pub(crate) mod commit_batch;
pub(crate) mod database_fault;
pub(crate) mod event_filter;
pub(crate) mod event_list;
pub(crate) mod event_row;
pub(crate) mod hashed_row;
pub(crate) mod idempotent_result;
pub(crate) mod key_handover;
pub(crate) mod key_rotation;
pub(crate) mod log_key;
mod newest_time;
pub(crate) mod numbered_events;
pub(crate) mod recorded_event;
pub(crate) mod retention;
pub(crate) mod row_mac_start;
pub(crate) mod sink;
pub(crate) mod states;
pub(crate) mod tree_checkpoint;
pub(crate) mod write;

pub(crate) use self::write::Write;
