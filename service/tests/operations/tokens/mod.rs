//! User tokens and org tokens.

mod org_tokens;
mod user_tokens;
