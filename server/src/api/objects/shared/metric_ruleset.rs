//! `/v2/metricruleset` (docs/contract.md#metric-rulesets).

#![expect(dead_code, reason = "shapes are described and never built")]

use axum::Json;
use domain::{
    audit::event::SharedKind, identity::access::Access,
    objects::shared::metric_ruleset::aggregation_name,
};
use schemars::JsonSchema;
use service::ListQuery;

use super::{SharedBody, collection, create, delete, list};
use crate::api::platform::{
    body::JsonBody,
    error::ApiError,
    parameters::Parameters,
    routes::Routes,
    schema::{IdText, PageParameters, Stamps},
};

/// The routes of metric rulesets.
pub(crate) fn routes() -> Routes {
    let routes = Routes::of(
        "Metric rulesets",
        "Where the data of a metric goes, and what is aggregated from it. They are stored and not evaluated.",
    )
    .without_secrets();
    collection!(
        routes,
        RulesetBody,
        "/v2/metricruleset",
        Access::Writer,
        "a metric ruleset",
        "metric rulesets",
        list::<RulesetBody>,
        create::<RulesetBody>,
        delete::<RulesetBody>,
    )
    .post(
        "/v2/metricruleset/generateAggregationMetricName",
        Access::AnyCaller,
        "Generate the name of an aggregated metric",
        generate_name,
    )
}

async fn generate_name(given: JsonBody<NameFields>) -> Result<Json<String>, ApiError> {
    Ok(Json(aggregation_name(&given)?))
}

impl SharedBody for RulesetBody {
    type Request = RulesetFields;
    type ListParameters = RulesetParameters;

    const KIND: SharedKind = SharedKind::MetricRuleset;

    fn query(parameters: &Parameters<RulesetParameters>) -> Result<ListQuery, ApiError> {
        Ok(ListQuery {
            name: parameters.find("query").unwrap_or_default().to_owned(),
            order_by: parameters.order_by().to_owned(),
            ..ListQuery::default()
        })
    }
}

/// The fields of a request for a metric ruleset.
#[derive(JsonSchema)]
#[schemars(rename = "MetricRulesetGiven", rename_all = "camelCase")]
pub(crate) struct RulesetFields {
    /// Required for a new ruleset.
    #[schemars(length(min = 1, max = 256))]
    metric_name: Option<String>,
    description: Option<String>,
    #[schemars(length(max = 2_000))]
    aggregation_rules: Option<Vec<AggregationRule>>,
    #[schemars(length(max = 2_000))]
    exception_rules: Option<Vec<ExceptionRule>>,
    /// Required for a new ruleset.
    routing_rule: Option<RoutingRule>,
    /// Of an update, the version that it replaces; ignored in a new ruleset.
    version: Option<i64>,
}

/// A rule that makes a new metric from the data of this one.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct AggregationRule {
    name: Option<String>,
    description: Option<String>,
    enabled: bool,
    matcher: Matcher,
    aggregator: Aggregator,
}

/// A rule for data that is not archived.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct ExceptionRule {
    name: String,
    description: Option<String>,
    enabled: bool,
    matcher: Matcher,
    restoration: Option<Restoration>,
}

/// The data that a rule is about.
#[derive(JsonSchema)]
#[schemars(rename = "MetricMatcher")]
struct Matcher {
    #[schemars(rename = "type")]
    kind: MatcherType,
    filters: Option<Vec<Filter>>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum MatcherType {
    Dimension,
}

#[derive(JsonSchema)]
#[schemars(rename = "MetricFilter", rename_all = "camelCase")]
struct Filter {
    property: String,
    property_value: Vec<String>,
    #[schemars(rename = "NOT")]
    not: Option<bool>,
}

/// How the new metric is made.
#[derive(JsonSchema)]
#[schemars(rename = "MetricAggregator", rename_all = "camelCase")]
struct Aggregator {
    #[schemars(rename = "type")]
    kind: AggregatorType,
    dimensions: Option<Vec<String>>,
    drop_dimensions: Option<bool>,
    #[schemars(length(min = 1, max = 256))]
    output_name: String,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum AggregatorType {
    Rollup,
}

/// Which archived data is restored. The server restores none.
#[derive(JsonSchema)]
#[schemars(rename = "MetricRestoration", rename_all = "camelCase")]
struct Restoration {
    restoration_id: Option<String>,
    /// In milliseconds since 1970.
    start_time: Option<i64>,
    /// In milliseconds since 1970.
    stop_time: Option<i64>,
}

/// Where the data goes. Only administrators choose `Drop` or replace it.
#[derive(JsonSchema)]
struct RoutingRule {
    destination: Destination,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Destination {
    RealTime,
    Archived,
    Drop,
}

/// A metric ruleset.
#[derive(JsonSchema)]
#[schemars(
    rename = "MetricRuleset",
    rename_all = "camelCase",
    extend("additionalProperties" = true)
)]
pub(crate) struct RulesetBody {
    id: IdText,
    metric_name: String,
    description: String,
    aggregation_rules: Vec<AggregationRule>,
    exception_rules: Vec<ExceptionRule>,
    routing_rule: RoutingRule,
    /// Counts up with each change.
    version: i64,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the list of metric rulesets.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct RulesetParameters {
    /// A part of the name of the metric; case is ignored.
    query: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}

/// What an aggregation keeps.
#[derive(JsonSchema)]
#[schemars(rename = "AggregationToName", rename_all = "camelCase")]
struct NameFields {
    #[schemars(length(min = 1, max = 256))]
    metric_name: String,
    dimensions: Vec<String>,
    /// Whether the dimensions are those that are not kept.
    drop_dimensions: Option<bool>,
}
