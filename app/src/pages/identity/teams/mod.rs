//!

pub mod detail;
pub mod form;
pub mod list;
pub(crate) mod server;
