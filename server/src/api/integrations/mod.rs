//! Integrations: their types, fields and secrets.

pub(crate) mod integration;
