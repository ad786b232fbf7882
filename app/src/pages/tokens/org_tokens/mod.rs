//!

pub mod actions;
pub mod detail;
pub mod form;
pub(crate) mod form_server;
pub mod list;
pub(crate) mod server;
