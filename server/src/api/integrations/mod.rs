//! `/v2/integration`: integrations, and the connectivity probe of each.
//!
//! Everything is in [`integration`]. Uses `platform`, and no other room of the API.

pub(crate) mod integration;
