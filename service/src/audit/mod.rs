//! The audit log and the call log: events, calls, Info, queries, export, checkpoints, sinks, retention and denials.
//!
//! Start with [`crate::Audit`]. May use: `platform`.

pub(crate) mod background;
pub(crate) mod call_buffer;
pub(crate) mod call_record;
pub mod calls;
pub(crate) mod checkpoints;
pub(crate) mod commit;
pub(crate) mod csv;
pub(crate) mod denials;
pub(crate) mod export;
pub(crate) mod export_chunk;
pub(crate) mod export_format;
pub(crate) mod feed;
pub(crate) mod feed_position;
pub(crate) mod handle;
pub(crate) mod info;
pub(crate) mod ndjson;
pub(crate) mod page_access;
pub(crate) mod pages;
pub(crate) mod query;
pub(crate) mod retention;
pub(crate) mod route_meters;
pub(crate) mod sinks;
pub(crate) mod token_data;
