//! Dashboards, groups, charts, detectors, incidents and teams.

mod detector_updates;
pub(crate) mod documents;
mod incidents;
mod round_trips;
mod shared;
