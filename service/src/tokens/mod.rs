//! User tokens and org tokens.

pub(crate) mod authenticate;
pub(crate) mod cache;
pub(crate) mod handle;
pub(crate) mod last_used;
pub(crate) mod org_token_api;
pub(crate) mod org_token_pages;
pub(crate) mod org_tokens;
pub(crate) mod recent_use;
pub(crate) mod reveal;
pub(crate) mod token_list;
pub(crate) mod user_tokens;
