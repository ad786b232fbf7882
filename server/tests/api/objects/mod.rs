//! Dashboards, groups, charts, detectors, incidents and teams.

pub(crate) mod documents;
mod incidents;
mod round_trips;
