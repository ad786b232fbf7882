//! Rules and types that need no I/O.
//!
//! What goes in: ids, names, tokens and their liveness, roles, permissions, audit events, pages, and pure decision
//! functions. What never: I/O, `async`, a clock, randomness, SQL, HTTP, or a secret in plain form beyond parsing its
//! text. Everything here also runs in the browser.
//!
//! Start with [`tokens::token`] (parsing and liveness), then [`identity::actor`] (the caller), [`identity::access`]
//! (access rules of routes), [`objects::permissions`] (access to one item) and [`audit::event`].

pub mod audit;
pub mod identity;
pub mod ingest;
pub mod integrations;
pub mod objects;
pub mod platform;
pub mod tokens;
pub mod usage;
