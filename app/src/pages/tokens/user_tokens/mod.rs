//! User tokens of all users, for administrators: the list and one token.

#[cfg(feature = "ssr")]
pub(crate) mod activity;
pub mod detail;
pub mod find;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
