//! Integrations: their types, fields and secrets.

pub mod detail;
pub mod field;
pub mod form;
pub(crate) mod form_server;
pub mod list;
pub(crate) mod server;
