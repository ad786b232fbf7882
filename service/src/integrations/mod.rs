//! Integrations: their types, fields and secrets.

pub(crate) mod check;
pub(crate) mod integrations;
pub(crate) mod probe;
