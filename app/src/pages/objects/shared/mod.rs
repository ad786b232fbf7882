//! Alert muting rules, data links and SLOs: a list and a page of each kind. Objects without permissions of their own:
//! every member reads them, every member with a writing role changes them.
//!
//! Start with `list` and `detail`. May use what its room `objects` may use.

pub mod detail;
pub mod list;

#[cfg(feature = "ssr")]
mod data_link;
#[cfg(feature = "ssr")]
mod facts;
#[cfg(feature = "ssr")]
mod muting_rule;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod slo;
