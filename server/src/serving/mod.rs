//! The server as a whole: API, pages, health checks and metrics behind one entry service, and the loop that accepts
//! connections ([`listen`]) until a signal ([`signals`]), with their deadlines ([`connection`]) and limits
//! ([`connection_limits`]).
//!
//! Start with [`assemble`]. May use `site`, `middleware`, `api/platform`, `api/routes` and `api/openapi`.

pub(crate) mod assemble;
mod connection;
mod connection_limits;
mod health;
pub(crate) mod listen;
mod metrics;
mod open_pages;
mod progress;
pub(crate) mod signals;
pub(crate) mod starting;
