//! The audit log and the call log: events, calls, Info, queries, export, checkpoints, sinks, retention and denials.
//!
//! Start with [`crate::Audit`], then `commit`: every operation builds its events there and commits with them.
//!
//! May use: `platform`.

pub(crate) mod background;
pub mod calls;
pub(crate) mod checkpoints;
pub(crate) mod clock_watch;
pub(crate) mod commit;
pub(crate) mod creation;
pub(crate) mod denials;
pub(crate) mod export;
pub(crate) mod feed;
pub(crate) mod handle;
pub(crate) mod info;
pub(crate) mod line_file;
pub(crate) mod log_stream;
pub(crate) mod log_tree;
pub(crate) mod pages;
pub(crate) mod query;
pub(crate) mod retention;
pub(crate) mod reveals;
pub(crate) mod sinks;
pub(crate) mod states;
