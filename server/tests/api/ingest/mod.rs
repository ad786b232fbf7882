//! Ingest, and forwarding to an upstream.

mod catalog;
pub(crate) mod receive;
pub(crate) mod upstream;
