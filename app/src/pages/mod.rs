//! The pages, by room. A file has the page first, then its parts, then its server functions; what these run on the
//! server is beside it, in `server.rs` and in other modules behind the feature `ssr`. Start with `tokens::account`.
//! Rooms may use `model`, `request`, `ui` and `platform`; docs/architecture.md#rooms has the rest.

pub mod audit;
pub mod identity;
pub mod ingest;
pub mod integrations;
pub mod objects;
pub mod platform;
pub mod tokens;
pub mod usage;
