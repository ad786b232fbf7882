//! User tokens and org tokens, authentication by them, its cache, and their recent use. Start with [`authenticate`],
//! which makes a caller from the text of a token, then `token_issue` and `user_tokens`.
//!
//! May use: `platform`, `audit`, `objects`, `ingest`.

pub(crate) mod authenticate;
pub(crate) mod cache;
pub(crate) mod expiry;
pub(crate) mod handle;
pub(crate) mod last_used;
pub(crate) mod org_token_api;
pub(crate) mod org_token_changes;
pub(crate) mod org_token_encryption;
pub(crate) mod org_token_pages;
pub(crate) mod org_token_reveals;
pub(crate) mod org_tokens;
pub(crate) mod recent_use;
pub(crate) mod reveal;
pub(crate) mod token_issue;
pub(crate) mod token_list;
pub(crate) mod token_revoke;
pub(crate) mod user_tokens;
