//! Org tokens.

mod org_tokens;
mod reveals;
