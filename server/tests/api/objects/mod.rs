//! Dashboards, groups, charts, detectors, incidents and teams.

mod detector_updates;
pub(crate) mod documents;
mod incidents;
mod names;
mod packages;
mod round_trips;
mod shared;
mod shared_kinds;
mod templates;
