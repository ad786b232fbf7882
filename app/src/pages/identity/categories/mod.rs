//! Custom metric categories: the page, its form and its server functions.
//!
//! Start with `page`. May use what its room `identity` may use.

pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod server;
