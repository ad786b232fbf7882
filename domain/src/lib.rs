//! Rules and types that are true without a computer.
//!
//! What may go in: ids, names, tokens and their liveness, roles, permissions, audit events, pages, and the
//! functions that decide. What never: I/O, `async`, a clock, randomness, SQL, HTTP, or a secret in plain form
//! beyond parsing its text. Everything here also runs in the browser.
//!
//! Start with [`token`] (is this text a token, is it live?), then [`actor`] (who is calling), [`access`] (may
//! they call this at all?), [`acl`] (may they touch this item?) and [`audit`] (what is written about it).

pub mod access;
pub mod acl;
pub mod actor;
pub mod audit;
pub mod chart;
pub mod custom_category;
pub mod dashboard;
pub mod dashboard_group;
pub mod detector;
pub mod document;
pub mod id;
pub mod incident;
pub mod ingest;
pub mod integration;
pub mod json;
pub mod limits;
pub mod member;
pub mod name;
pub mod notification;
pub mod object;
pub mod org_token;
pub mod page;
pub mod password;
pub mod refusal;
pub mod role;
pub mod role_grant;
pub mod search;
pub mod session;
pub mod team;
pub mod timestamp;
pub mod token;
pub mod trail;
pub mod usage;
