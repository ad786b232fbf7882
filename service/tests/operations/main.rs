//! Every act, told as what a person tried: allowed, denied, refused, raced, and the event it leaves. On both databases.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what goes wrong shall stop it"
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
