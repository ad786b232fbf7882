//! The server by HTTP, in process, on both databases: what a client tried, and what it was answered to the letter.
//!
//! One program for all of it, since linking one takes longer than running it. Start with [`support`].

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what goes wrong shall stop it"
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
mod recorded;
mod relative_times;
mod round_trips;
mod route_table;
mod routes;
mod session;
mod support;
mod usage;
