//! The server over HTTP, in process, on both databases: requests and their exact responses.
//!
//! All tests are one binary because linking takes longer than running. Start with [`support`].

#![expect(
    clippy::unwrap_used,
    reason = "a failed test panics at the line that failed"
)]

mod ask;
mod attack;
mod audit;
mod fault;
mod identity;
mod ingest;
mod integrations;
mod objects;
mod platform;
mod support;
mod tokens;
mod usage;
