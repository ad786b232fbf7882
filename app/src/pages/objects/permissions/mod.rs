//!

pub mod dialog;
pub mod form;
pub(crate) mod form_server;
pub(crate) mod server;
