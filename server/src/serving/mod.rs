//! The server as a whole: API, pages, health checks and metrics behind one entry service, and the loop that accepts
//! connections.
//!
//! Start with [`assemble`]. May use `site`, `middleware`, `api/platform`, `api/routes` and `api/openapi`.

pub(crate) mod assemble;
mod health;
pub(crate) mod listen;
mod metrics;
