//! Dashboards, groups, charts, detectors, and their permissions.

pub mod chart;
pub mod dashboard;
pub mod dashboard_group;
pub mod detector;
pub mod incident;
pub mod object;
pub mod permissions;
