//! Dashboards, dashboard groups, detectors and shared objects: a list and a page of each kind, their forms, JSON
//! documents and permissions. Charts have no page of their own: `dashboards::charts` shows them on the page of their
//! dashboard.
//!
//! Start with `dashboards::list` and `dashboards::detail`; what the kinds have in common is in the files of this
//! folder. May use `model`, `request`, `ui`, `pages/platform`, and `pages/audit` for Info.

pub mod actions;
pub mod delete;
pub mod dialogs;
pub mod kind;
pub mod parts;
pub mod rights;
pub mod text_link;

pub mod dashboard_groups;
pub mod dashboards;
pub mod detectors;
pub mod shared;

pub mod document;
pub mod form;
pub mod import;
pub mod permissions;

#[cfg(feature = "ssr")]
mod editing;
#[cfg(feature = "ssr")]
mod recipients;
#[cfg(feature = "ssr")]
mod server;
