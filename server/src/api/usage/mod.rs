//! `/v2/usage`: counts of API calls.
//!
//! Start with [`counts`]. Uses `platform`, and no other room of the API.

pub(crate) mod counts;
pub(crate) mod schema;
