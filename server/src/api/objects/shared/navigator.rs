//! `/v2/navigator` (docs/contract.md#navigators).

#![expect(dead_code, reason = "shapes are described and never built")]

use domain::{audit::event::SharedKind, identity::access::Access};
use schemars::JsonSchema;

use super::{SharedBody, collection, create, delete_with_ok, list};
use crate::api::platform::{
    routes::Routes,
    schema::{GivenId, IdText, PageParameters, Stamps, TextOrTexts},
};

/// The routes of navigators.
pub(crate) fn routes() -> Routes {
    let routes = Routes::of(
        "Navigators",
        "How the instances of something, such as hosts, are shown.",
    )
    .without_secrets();
    collection!(
        routes,
        NavigatorBody,
        "/v2/navigator",
        Access::Administrator,
        "a navigator",
        "navigators",
        list::<NavigatorBody>,
        create::<NavigatorBody>,
        delete_with_ok::<NavigatorBody>,
    )
}

impl SharedBody for NavigatorBody {
    type Request = NavigatorFields;
    type ListParameters = NavigatorParameters;

    const KIND: SharedKind = SharedKind::Navigator;
}

/// The fields of a request for a navigator.
#[derive(JsonSchema)]
#[schemars(rename = "NavigatorGiven", rename_all = "camelCase")]
pub(crate) struct NavigatorFields {
    /// Required for a new navigator.
    #[schemars(length(min = 1, max = 1_000))]
    display_name: Option<String>,
    /// Required for a new navigator.
    #[schemars(length(max = 2_000))]
    categories: Option<Vec<Category>>,
    /// Required for a new navigator.
    #[schemars(length(max = 2_000))]
    entity_metrics: Option<Vec<Metric>>,
    /// Required for a new navigator.
    property_identifier_template: Option<String>,
    /// Required for a new navigator.
    #[schemars(length(max = 2_000))]
    required_properties: Option<Vec<String>>,
    #[schemars(flatten)]
    content: Content,
}

/// The fields of a navigator that may be absent.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Content {
    alert_query: Option<String>,
    default_group_by: Option<String>,
    id_display_name: Option<String>,
    /// Dashboards that exist.
    #[schemars(length(max = 2_000))]
    instance_dashboards: Option<Vec<GivenId>>,
    instance_display_text: Option<String>,
    instance_label: Option<String>,
    #[schemars(length(max = 2_000))]
    list_columns: Option<Vec<Column>>,
    #[schemars(length(max = 2_000))]
    system_types: Option<Vec<String>>,
    summary_metric_label: Option<String>,
    summary_metric_program_text: Option<String>,
    #[schemars(length(max = 2_000))]
    tooltip_key_list: Option<Vec<Column>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "NavigatorCategory", rename_all = "camelCase")]
struct Category {
    category_name: String,
    category_group_name: Option<String>,
    category_instance_label: Option<String>,
}

/// A column of the list, or a line of the tooltip.
#[derive(JsonSchema)]
#[schemars(rename = "NavigatorColumn", rename_all = "camelCase")]
struct Column {
    display_name: String,
    property: String,
    format: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename = "NavigatorMetric", rename_all = "camelCase")]
struct Metric {
    id: String,
    #[schemars(rename = "type")]
    kind: String,
    job: Job,
    metric_selectors: Vec<String>,
    coloring_scheme: Option<Coloring>,
    description: Option<String>,
    display_name: Option<String>,
    value_label: Option<String>,
    value_format: Option<String>,
}

/// The program of a metric.
#[derive(JsonSchema)]
#[schemars(rename = "NavigatorJob", rename_all = "camelCase")]
struct Job {
    resolution: i64,
    template: String,
    var_name: String,
    filters: Option<Vec<JobFilter>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "NavigatorJobFilter", rename_all = "camelCase")]
struct JobFilter {
    property: String,
    property_value: Option<TextOrTexts>,
    not: Option<bool>,
    #[schemars(rename = "type")]
    kind: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename = "NavigatorColoring", rename_all = "camelCase")]
struct Coloring {
    min_value: Option<i64>,
    max_value: Option<i64>,
    palette: Option<String>,
    thresholds: Option<Vec<Threshold>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "NavigatorThreshold", rename_all = "camelCase")]
struct Threshold {
    lower_limit: Option<i32>,
    palette_index: Option<i64>,
}

/// A navigator.
#[derive(JsonSchema)]
#[schemars(rename = "Navigator", rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct NavigatorBody {
    id: IdText,
    display_name: String,
    categories: Vec<Category>,
    entity_metrics: Vec<Metric>,
    property_identifier_template: String,
    required_properties: Vec<String>,
    owner_scope: OwnerScope,
    #[schemars(flatten)]
    content: Content,
    #[schemars(flatten)]
    stamps: Stamps,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum OwnerScope {
    Organization,
}

/// Query parameters of the list of navigators.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct NavigatorParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
