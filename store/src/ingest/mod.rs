//! Totals of the data that each org token has sent. The data itself is in files, which `service` writes
//! (docs/ingest.md).
//!
//! Start with `ingest_count`, the only file. May use `platform`.

pub(crate) mod ingest_count;
