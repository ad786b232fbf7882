//! Dashboards, dashboard groups, detectors, and their permissions.

pub mod actions;
pub mod dashboard_groups;
pub mod dashboards;
pub mod detectors;
pub mod dialogs;
pub mod document;
pub mod form;
pub mod kind;
pub mod permissions;
#[cfg(feature = "ssr")]
pub(crate) mod server;
