//! User tokens and org tokens.

pub(crate) mod org_token;
pub(crate) mod session;
