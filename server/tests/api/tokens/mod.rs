//! Org tokens.

mod org_tokens;
