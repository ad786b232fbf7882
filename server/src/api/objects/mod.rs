//! Dashboards, groups, charts, detectors, and their permissions.

pub(crate) mod chart;
pub(crate) mod dashboard;
pub(crate) mod dashboard_group;
pub(crate) mod detector;
pub(crate) mod incident;
