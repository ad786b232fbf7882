//! The audit log and the call log: paging, export, checkpoints, sinks and retention.

mod bundles;
mod checkpoints;
mod export;
mod feed;
mod info;
mod info_of_deleted;
mod log;
mod log_stream;
mod log_tree;
mod older_copy;
mod retention;
mod row_macs;
mod sinks;
mod states;
