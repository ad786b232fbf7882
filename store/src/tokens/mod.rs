//! User tokens, org tokens and their secrets, and their recent use. May use `platform`, `audit` and `identity`.
//!
//! Start with `token` and `org_token`; `token_list` and `org_token_list` have the lists.

pub(crate) mod expired_token;
pub(crate) mod last_use;
pub(crate) mod org_token;
pub(crate) mod org_token_change;
pub(crate) mod org_token_list;
pub(crate) mod org_token_secret;
pub(crate) mod token;
pub(crate) mod token_list;
