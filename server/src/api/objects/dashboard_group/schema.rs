//! The shape of dashboard groups: what a request may give, and what an answer shows.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::platform::schema::{
    Anything, AsGiven, Filters, GivenId, IdText, PageParameters, Permissions, PermissionsGiven,
    Stamps, Writers, WritersGiven,
};

/// What a dashboard group keeps as given, what is in it, and who may read and write it.
#[derive(JsonSchema)]
#[schemars(rename = "DashboardGroup", rename_all = "camelCase")]
pub(crate) struct GroupFields {
    #[schemars(length(max = 1_024))]
    description: Option<String>,
    teams: Option<Vec<IdText>>,
    /// Existing dashboards to take in; read when the group is made.
    dashboards: Option<Vec<IdText>>,
    dashboard_configs: Option<Vec<ConfigGiven>>,
    import_qualifiers: Option<Vec<ImportQualifier>>,
    authorized_writers: Option<WritersGiven>,
    permissions: Option<PermissionsGiven>,
}

/// A place in the group: its own dashboard, or a mirror of another group's.
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
pub(crate) struct Group {
    id: IdText,
    name: String,
    description: String,
    teams: Vec<IdText>,
    /// Its own dashboards and those it mirrors, in the order of its places.
    dashboards: Vec<IdText>,
    dashboard_configs: Vec<Config>,
    import_qualifiers: Vec<AsGiven<ImportQualifier>>,
    authorized_writers: Writers,
    permissions: Permissions,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// A place in the group: its own dashboard, or a mirror of another group's.
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

/// How a list of dashboard groups is asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct GroupListParameters {
    /// A part of the name, whatever its case.
    name: Option<String>,
    /// With this dashboard in it.
    dashboard_id: Option<GivenId>,
    /// Linked to this team.
    team_id: Option<GivenId>,
    /// Only what the product ships, which is nothing.
    exclude_custom: Option<bool>,
    #[schemars(flatten)]
    page: PageParameters,
    /// A field to order by, with `-` before it the other way round.
    order_by: Option<String>,
}

/// What is made with a group.
#[derive(JsonSchema)]
pub(crate) struct CreateParameters {
    /// Whether to make no dashboard with it.
    empty: Option<bool>,
}

/// What to copy, and what the copy says differently.
#[derive(JsonSchema)]
#[schemars(rename = "DashboardCopy", rename_all = "camelCase")]
pub(crate) struct Copy {
    source_dashboard: IdText,
    #[schemars(length(min = 1, max = 1_000))]
    name: Option<String>,
    description: Option<String>,
    filters: Option<Filters>,
}
