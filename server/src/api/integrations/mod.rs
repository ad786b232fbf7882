//! `/v2/integration`: integrations, and the connectivity probe of each.
//!
//! Start with [`integration`]: its routes, then its handlers. Shapes are in its `schema`. Uses `platform`, and no
//! other room of the API.

pub(crate) mod integration;
