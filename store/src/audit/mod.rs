//! The audit log.

pub(crate) mod audit_event;
pub(crate) mod backlog;
pub(crate) mod call;
pub(crate) mod call_block;
pub(crate) mod call_filter;
pub(crate) mod call_walk;
pub(crate) mod checkpoint;
pub(crate) mod event_list;
pub(crate) mod event_of_call;
pub(crate) mod event_row;
pub(crate) mod housekeeping;
pub(crate) mod retention;
pub(crate) mod sink;
