//! Integrations: their types, fields and secrets.

pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod handle;
pub(crate) mod probe;
