//! Dashboards, groups, charts, detectors, and their permissions.

pub(crate) mod new_object;
pub(crate) mod object;
pub(crate) mod object_facet;
pub(crate) mod object_link;
pub(crate) mod object_list;
