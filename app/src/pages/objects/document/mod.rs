//! The JSON document of a dashboard, dashboard group or detector, with a preview of what saving it changes.

pub mod difference;
pub mod page;
#[cfg(feature = "ssr")]
mod preview;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod text;
