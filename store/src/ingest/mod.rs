//! Data that is sent.

pub(crate) mod ingest_count;
