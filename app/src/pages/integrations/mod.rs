//! Integrations: list, detail with validation, and the form of each type. For administrators. Start with `list` and
//! `form`. May use `model`, `request`, `ui`, `pages/platform`, and `pages/audit` for Info.

pub mod actions;
pub mod detail;
pub mod field;
pub mod form;
#[cfg(feature = "ssr")]
mod form_document;
#[cfg(feature = "ssr")]
mod form_server;
#[cfg(feature = "ssr")]
mod form_values;
pub mod list;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod settings;
pub mod state;
mod types;
pub mod validation;
