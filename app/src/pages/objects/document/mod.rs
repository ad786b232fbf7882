//! The JSON document of a dashboard, dashboard group or detector, with a preview of what saving it changes.
//!
//! Start with `page`. May use what its room `objects` may use.

pub mod difference;
pub mod page;
#[cfg(feature = "ssr")]
mod preview;
#[cfg(feature = "ssr")]
pub(super) mod server;
#[cfg(feature = "ssr")]
mod text;
