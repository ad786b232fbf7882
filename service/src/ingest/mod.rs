//! Ingested data: accepting it, counting it, the queue on disk, forwarding, and the metric catalog.
//!
//! Start with [`crate::Ingest`]. May use: `platform`, `audit`.

pub(crate) mod accept;
pub(crate) mod catalog;
pub(crate) mod counts;
pub(crate) mod cursor;
pub(crate) mod forward;
pub(crate) mod forward_batch;
pub(crate) mod forward_state;
pub(crate) mod handle;
pub(crate) mod identity;
pub(crate) mod open;
pub(crate) mod parcel;
pub(crate) mod queue;
pub(crate) mod recent;
pub(crate) mod saves;
pub(crate) mod segment;
pub(crate) mod shared;
pub(crate) mod stored_counts;
pub(crate) mod upstream;
pub(crate) mod writer;
