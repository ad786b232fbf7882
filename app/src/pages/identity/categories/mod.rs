//! Custom metric categories: the page, its form and its server functions.

pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod server;
