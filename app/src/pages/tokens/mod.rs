//! User tokens and org tokens.

pub mod account;
pub mod org_tokens;
pub(crate) mod snippets;
pub mod user_tokens;
