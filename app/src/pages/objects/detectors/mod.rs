//! Detectors: the list, and one with its program, rules and recipients.
//!
//! Start with `detail`. May use what its room `objects` may use.

pub mod detail;
pub mod list;
#[cfg(feature = "ssr")]
mod rule_view;
pub mod rules;
#[cfg(feature = "ssr")]
mod server;
