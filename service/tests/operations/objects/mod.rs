//! Dashboards, groups, charts, detectors and their permissions.

mod dashboards;
mod editing;
mod permissions;
pub(crate) mod support;
