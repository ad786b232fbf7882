//! Schemas of requests and responses about dashboard groups.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::{
    Anything, AsGiven, Filters, GivenId, IdText, PageParameters, Permissions, PermissionsGiven,
    Stamps, WritersBody, WritersGiven,
};

/// The fields of a request for a dashboard group.
#[derive(JsonSchema)]
#[schemars(rename = "DashboardGroup", rename_all = "camelCase")]
pub(crate) struct GroupFields {
    #[schemars(length(max = 1_024))]
    description: Option<String>,
    teams: Option<Vec<IdText>>,
    /// Existing dashboards to move into the group; only read when the group is created.
    dashboards: Option<Vec<IdText>>,
    dashboard_configs: Option<Vec<ConfigGiven>>,
    import_qualifiers: Option<Vec<ImportQualifier>>,
    authorized_writers: Option<WritersGiven>,
    permissions: Option<PermissionsGiven>,
}

/// A dashboard in the group: its own, or a mirror of another group's.
#[derive(JsonSchema)]
#[schemars(rename = "DashboardConfigGiven", rename_all = "camelCase")]
struct ConfigGiven {
    config_id: Option<GivenId>,
    dashboard_id: IdText,
    name_override: Option<String>,
    description_override: Option<String>,
    filters_override: Option<Filters>,
}

#[derive(JsonSchema)]
struct ImportQualifier {
    metric: Option<String>,
    filters: Option<Vec<ImportFilter>>,
}

#[derive(JsonSchema)]
struct ImportFilter {
    property: Option<String>,
    values: Option<Anything>,
    #[schemars(rename = "NOT")]
    not: Option<Anything>,
}

/// A dashboard group.
#[derive(JsonSchema)]
#[schemars(rename = "DashboardGroup", rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct GroupBody {
    id: IdText,
    name: String,
    description: String,
    teams: Vec<IdText>,
    /// Its own dashboards and those it mirrors, in order.
    dashboards: Vec<IdText>,
    dashboard_configs: Vec<Config>,
    import_qualifiers: Vec<AsGiven<ImportQualifier>>,
    authorized_writers: WritersBody,
    permissions: Permissions,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// A dashboard in the group: its own, or a mirror of another group's.
#[derive(JsonSchema)]
#[schemars(
    rename = "DashboardConfig",
    rename_all = "camelCase",
    deny_unknown_fields
)]
struct Config {
    config_id: IdText,
    dashboard_id: IdText,
    name_override: Option<String>,
    description_override: Option<String>,
    filters_override: Option<AsGiven<Filters>>,
}

/// Query parameters of the list of dashboard groups.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct GroupListParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    /// Groups that contain this dashboard.
    dashboard_id: Option<GivenId>,
    /// Groups that are linked to this team.
    team_id: Option<GivenId>,
    /// Whether to list only built-in groups. This server has none.
    exclude_custom: Option<bool>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}

/// Query parameters of a creation.
#[derive(JsonSchema)]
pub(crate) struct CreateParameters {
    /// Whether to create the group without a dashboard.
    empty: Option<bool>,
}

/// A dashboard to copy, and the fields that differ in the copy.
#[derive(JsonSchema)]
#[schemars(rename = "DashboardCopy", rename_all = "camelCase")]
pub(crate) struct Copy {
    source_dashboard: IdText,
    #[schemars(length(min = 1, max = 1_000))]
    name: Option<String>,
    description: Option<String>,
    filters: Option<Filters>,
}
