//! The audit log with its filters and export, and Info of any object. `verification` is
//! for auditors. Start with `list` and `info`.
//! May use `model`, `request`, `ui` and `pages/platform`.

pub mod filters;
pub mod info;
#[cfg(feature = "ssr")]
mod info_server;
pub mod list;
#[cfg(feature = "ssr")]
mod names;
pub mod periods;
#[cfg(feature = "ssr")]
pub(crate) mod server;
pub mod verification;
