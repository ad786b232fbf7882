//! User tokens: the list of all users' tokens for administrators, and the page of one token.
//!
//! Start with `list`. May use what its room `tokens` may use.

#[cfg(feature = "ssr")]
pub(crate) mod activity;
pub mod detail;
pub mod find;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
