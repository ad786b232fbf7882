//! The server over HTTP, in process, on both databases: requests and their exact responses.
//!
//! All tests are one binary because linking takes longer than running. Start with [`support`].

#![expect(
    clippy::unwrap_used,
    reason = "a failed test panics at the line that failed"
)]

mod ask;
mod audit;
mod audit_log;
mod bad_input;
mod entry;
mod error_pages;
mod incidents;
mod info;
mod ingest;
mod ingest_upstream;
mod integration_log;
mod integrations;
mod mail;
mod members;
mod metrics;
mod objects;
mod openapi;
mod org_tokens;
mod outages;
mod recorded;
mod relative_times;
mod round_trips;
mod route_table;
mod routes;
mod session;
mod support;
mod titles;
mod usage;
