//! Totals of the data that each org token has sent, and how far the queue of each node is counted in them. The data
//! itself is in files, which `service` writes (docs/ingest.md).
//!
//! Start with `ingest_count`. May use `platform`.

pub(crate) mod ingest_count;
pub(crate) mod ingest_queue;
