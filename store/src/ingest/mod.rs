//! Totals of the data that each org token has sent. Uses `platform`.

pub(crate) mod ingest_count;
