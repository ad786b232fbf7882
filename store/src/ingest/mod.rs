//! Totals of the data that each org token has sent. May use `platform`.

pub(crate) mod ingest_count;
