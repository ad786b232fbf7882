//! Dashboards, dashboard groups, charts, detectors, incidents, and permissions on them.
//!
//! Start with [`object::Object`], the stored form; the `…Draft` types parse requests; [`permissions`] authorizes.
//! May use: `platform`, `identity`, `audit`.

pub mod chart;
pub mod dashboard;
pub mod dashboard_group;
pub mod detector;
pub mod incident;
pub mod object;
pub mod permissions;
pub mod shared;
