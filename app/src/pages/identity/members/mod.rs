//!

pub mod actions;
pub mod detail;
pub mod list;
pub(crate) mod server;
