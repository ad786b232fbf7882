//! User tokens and org tokens.

mod expiry;
mod org_token_encryption;
mod org_tokens;
mod user_tokens;
