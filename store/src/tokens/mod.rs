//! User tokens and org tokens.

pub(crate) mod last_use;
pub(crate) mod org_token;
pub(crate) mod org_token_list;
pub(crate) mod org_token_secret;
pub(crate) mod token;
pub(crate) mod token_list;
