//! Integrations: their types, fields and secrets.

pub(crate) mod check;
pub(crate) mod handle;
pub(crate) mod integrations;
pub(crate) mod probe;
