//! User tokens and org tokens.

pub mod org_token;
pub mod org_token_state;
pub mod token;
