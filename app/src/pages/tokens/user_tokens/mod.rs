//! User tokens: the list of all users' tokens for administrators, and the page of one token.

#[cfg(feature = "ssr")]
pub(crate) mod activity;
pub mod detail;
pub mod find;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
