//! Ingest, and forwarding to an upstream.

pub(crate) mod receive;
pub(crate) mod upstream;
