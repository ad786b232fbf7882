//! Dashboards with their charts, dashboard groups, detectors and their permissions. Start with `object`, what all kinds
//! have in common. May use the rest of `model`.

pub mod content_kind;
pub mod dashboard;
pub mod dashboard_group;
pub mod detector;
pub mod document;
pub mod form;
pub mod grid;
pub mod import;
pub mod object;
pub mod permissions;
pub mod shared;
