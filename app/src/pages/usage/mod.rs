//! API calls by user, token, route and status.

pub mod figures;
pub mod page;
pub mod query;
#[cfg(feature = "ssr")]
pub(crate) mod server;
pub mod tables;
