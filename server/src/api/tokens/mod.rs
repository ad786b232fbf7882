//! `/v2/session` and `/v2/token`: user API access tokens and org tokens.
//!
//! Start with [`session`], which issues user tokens. Uses `platform`, and no other room of the API.

pub(crate) mod org_token;
pub(crate) mod session;
