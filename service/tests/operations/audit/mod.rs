//! The audit log and the call log: paging, export, checkpoints, sinks and retention.

mod checkpoints;
mod export;
mod info;
mod log;
mod retention;
mod sinks;
