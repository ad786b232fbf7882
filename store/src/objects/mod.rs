//! Dashboards, groups, charts, detectors, integrations and teams: one table, with who may read what and how they
//! refer to each other. May use `platform`, `audit` and `identity`.
//!
//! Start with `object`; `object_list` has the lists.

pub(crate) mod hidden;
pub(crate) mod imported_object;
pub(crate) mod new_object;
pub(crate) mod object;
pub(crate) mod object_change;
pub(crate) mod object_facet;
pub(crate) mod object_filter;
pub(crate) mod object_link;
pub(crate) mod object_list;
