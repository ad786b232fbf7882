//! Account Settings: generate, show, copy, hide and revoke the user's own tokens.
//!
//! Start with `page`. May use what its room `tokens` may use.

pub mod actions;
pub mod new_token;
pub mod page;
pub mod panel;
#[cfg(feature = "ssr")]
pub(crate) mod server;
