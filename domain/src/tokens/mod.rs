//! User tokens and org tokens.

pub mod org_token;
pub mod token;
