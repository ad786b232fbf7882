//! The audit log.

pub(crate) mod call_buffer;
pub mod calls;
pub(crate) mod checkpoints;
pub(crate) mod commit;
pub(crate) mod csv;
pub(crate) mod denials;
pub(crate) mod export;
pub(crate) mod feed;
pub(crate) mod info;
pub(crate) mod ndjson;
pub(crate) mod pages;
pub(crate) mod query;
pub(crate) mod retention;
pub(crate) mod sinks;
