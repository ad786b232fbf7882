//! User tokens and org tokens.

mod org_token_encryption;
mod org_tokens;
mod user_tokens;
