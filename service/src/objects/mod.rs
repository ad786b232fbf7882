//! Dashboards, groups, charts, detectors, and their permissions.

pub(crate) mod access;
pub(crate) mod changes;
pub(crate) mod charts;
pub(crate) mod dashboard_copies;
pub(crate) mod dashboard_group_update;
pub(crate) mod dashboard_groups;
pub(crate) mod dashboard_update;
pub(crate) mod dashboards;
pub(crate) mod detector_pages;
pub(crate) mod detectors;
pub(crate) mod editing;
pub(crate) mod handle;
pub(crate) mod placement;
pub(crate) mod rights;
pub(crate) mod team_links;
