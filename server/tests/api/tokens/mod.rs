//! The ends of tokens, and org tokens.

mod ends;
mod org_tokens;
mod reveals;
