//! Dashboards, dashboard groups, charts, detectors and shared objects, their permissions and their links to teams. Start with
//! [`update`] for what an update does, and with `charts`, the simplest kind of object.
//!
//! May use: `platform`, `audit`.

pub(crate) mod access;
pub(crate) mod changes;
pub(crate) mod chart_update;
pub(crate) mod charts;
pub(crate) mod dashboards;
pub(crate) mod detector_pages;
pub(crate) mod detector_update;
pub(crate) mod detectors;
pub(crate) mod editing;
pub(crate) mod handle;
pub(crate) mod imports;
pub(crate) mod list;
pub(crate) mod load;
pub(crate) mod references;
pub(crate) mod rights;
pub(crate) mod shared;
pub(crate) mod team_links;
pub(crate) mod update;
pub(crate) mod webhook_secrets;
