//! Integrations: their types, fields and secrets.

pub mod document;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod kinds;
pub(crate) mod schema;
pub(crate) mod secrets;
pub(crate) mod target;
