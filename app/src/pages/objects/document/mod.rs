//!

pub mod page;
pub(crate) mod server;
