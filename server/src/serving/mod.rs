//! The server as a whole: API, pages, health checks and metrics behind one entry service, and the loop that accepts
//! connections.
//!
//! Start with [`assemble`]. Uses `api`, `site` and `middleware`.

pub(crate) mod assemble;
mod health;
pub(crate) mod listen;
mod metrics;
