//!

pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod server;
