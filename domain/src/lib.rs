//! Rules and types that are true without a computer.
//!
//! What may go in: ids, names, tokens and their liveness, roles, permissions, audit events, pages, and the
//! functions that decide. What never: I/O, `async`, a clock, randomness, SQL, HTTP, or a secret in plain form
//! beyond parsing its text. Everything here also runs in the browser.
//!
//! Start with [`token`] (is this text a token, is it live?), then [`actor`] (who is calling), [`access`] (may
//! they call this at all?), [`acl`] (may they touch this item?) and [`audit`] (what is written about it).

pub mod audit;
pub mod identity;
pub mod ingest;
pub mod integrations;
pub mod objects;
pub mod platform;
pub mod tokens;
pub mod usage;
