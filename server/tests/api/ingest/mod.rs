//! Ingest, and forwarding to an upstream.

pub(crate) mod receive;
mod upstream;
