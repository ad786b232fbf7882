//! Counts of API calls, by user, token, route and status. Start with `page`. May use `model`,
//! `request`, `ui` and `pages/platform`.

pub mod address;
pub mod call_links;
pub mod chart;
pub mod filters;
pub mod numbers;
pub mod page;
#[cfg(feature = "ssr")]
mod rows;
#[cfg(feature = "ssr")]
mod server;
pub mod tables;
