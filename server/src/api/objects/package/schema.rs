//! Schemas of packages. The objects in them have the fields of their own requests; what else the hosted service exports
//! is ignored.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::{AnyObject, Anything, GivenId};

/// A dashboard with its charts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct DashboardPackage {
    #[schemars(length(max = 2_000))]
    chart_exports: Option<Vec<ChartExport>>,
    /// Data links; they are not imported.
    cross_link_exports: Option<Anything>,
    dashboard_export: DashboardExport,
    hash_code: Option<i32>,
    id: Option<Anything>,
    model_version: Option<i32>,
    package_type: Option<DashboardType>,
}

/// A dashboard group with its dashboards and their charts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct GroupPackage {
    #[schemars(length(max = 2_000))]
    chart_exports: Option<Vec<ChartExport>>,
    /// Data links; they are not imported.
    cross_link_exports: Option<Anything>,
    #[schemars(length(max = 2_000))]
    dashboard_exports: Option<Vec<DashboardExport>>,
    group_export: GroupExport,
    hash_code: Option<i32>,
    id: Option<Anything>,
    model_version: Option<i32>,
    package_type: Option<GroupType>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum DashboardType {
    #[schemars(rename = "DASHBOARD")]
    Dashboard,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum GroupType {
    #[schemars(rename = "GROUP")]
    Group,
}

#[derive(JsonSchema)]
struct ChartExport {
    chart: AnyObject,
}

#[derive(JsonSchema)]
struct DashboardExport {
    dashboard: AnyObject,
}

#[derive(JsonSchema)]
struct GroupExport {
    group: AnyObject,
}

/// The query of an import.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct ImportParameters {
    /// The group of the dashboard [default: a new group]
    group_id: Option<GivenId>,
}
