//! `/v2/dashboard`, `/v2/dashboardgroup`, `/v2/chart`, `/v2/detector`, `/v2/incident`, `/v2/apm/topology`, and in
//! [`shared`] those of shared objects.
//!
//! Start with [`chart`], the smallest kind: its routes, then its implementation of
//! [`ObjectKind`](crate::api::platform::object_handlers::ObjectKind), which the shared handlers call. A new kind is
//! added in the same way (CONTRIBUTING.md#an-object-kind). Uses `platform`, and no other room of the API.

pub(crate) mod chart;
pub(crate) mod dashboard;
pub(crate) mod dashboard_group;
pub(crate) mod detector;
pub(crate) mod incident;
pub(crate) mod package;
pub(crate) mod shared;
pub(crate) mod topology;
