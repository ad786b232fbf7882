//! Importing a dashboard or a dashboard group from an exported document.
//!
//! Start with `page`. May use what its room `objects` may use.

pub mod links;
pub mod page;
#[cfg(feature = "ssr")]
mod server;
