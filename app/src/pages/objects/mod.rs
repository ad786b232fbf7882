//! Dashboards, groups, charts, detectors, and their permissions.

pub mod actions;
pub mod dashboard_groups;
pub mod dashboards;
pub mod detectors;
pub mod document;
pub mod form;
#[cfg(feature = "ssr")]
pub(crate) mod lookup;
pub mod permissions;
