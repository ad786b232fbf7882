//! Every service operation, on both databases: allowed, denied, rejected and concurrent calls, and the audit event each
//! one writes.

#![expect(
    clippy::unwrap_used,
    reason = "a failed test panics at the line that failed"
)]

mod audit;
mod fault;
mod identity;
mod ingest;
mod integrations;
mod lists;
mod objects;
mod support;
mod tokens;
