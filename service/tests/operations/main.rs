//! Every service operation, on both databases: allowed, denied, rejected and concurrent calls, and the audit event each
//! one writes.

#![expect(
    clippy::unwrap_used,
    reason = "a failed test panics at the line that failed"
)]

mod audit_log;
mod checkpoints;
mod dashboards;
mod editing;
mod export;
mod info;
mod integrations;
mod lists;
mod member_pages;
mod members;
mod objects;
mod org_tokens;
mod permissions;
mod retention;
mod sign_in;
mod sinks;
mod support;
mod teams;
mod tokens;
