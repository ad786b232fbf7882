//! Dashboards, dashboard groups, charts, detectors, incidents, shared objects, and permissions.
//!
//! Start with [`object::Object`], the stored form; the `…Draft` types parse requests; [`permissions`] authorizes.
//! May use: `platform`, `identity`, `audit`.

pub mod chart;
pub mod dashboard;
pub mod dashboard_group;
pub mod detector;
pub mod imports;
pub mod incident;
pub mod object;
pub mod package;
pub mod permissions;
pub mod shared;
pub mod topology;
