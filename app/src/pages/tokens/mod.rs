//! Account Settings, user tokens and org tokens.

pub mod account;
pub mod org_tokens;
#[cfg(feature = "ssr")]
pub(crate) mod snippets;
pub mod user_tokens;
