//! Totals of the data that each org token has sent, how far the queue of each node is counted in them, and the metric
//! catalog. The data itself is in files, which `service` writes (docs/ingest.md).
//!
//! Start with `ingest_count` and `catalog_entry`. May use `platform` and `audit`.

pub(crate) mod catalog_change;
pub(crate) mod catalog_entry;
pub(crate) mod ingest_count;
pub(crate) mod ingest_queue;
pub(crate) mod metric_series;
pub(crate) mod series_change;
