//! The metrics and dimensions that data was sent for. Start with `catalog`. May use `model`, `request`, `ui`,
//! `pages/platform`, and `pages/audit` for Info.

pub mod catalog;
#[cfg(feature = "ssr")]
mod server;
