//! Dashboards, dashboard groups, detectors and their permissions.

pub mod dashboard;
pub mod dashboard_group;
pub mod detector;
pub mod document;
pub mod form;
pub mod grid;
pub mod object;
pub mod permissions;
