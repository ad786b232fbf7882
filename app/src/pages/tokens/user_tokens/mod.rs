//!

#[cfg(feature = "ssr")]
pub(crate) mod activity;
pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod server;
