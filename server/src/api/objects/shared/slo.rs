//! `/v2/slo` (docs/contract.md#slos).

#![expect(dead_code, reason = "shapes are described and never built")]

use axum::{Json, extract::State};
use domain::{audit::event::SharedKind, identity::access::Access};
use schemars::JsonSchema;
use service::Service;

use super::{SharedBody, collection, create, delete, list, list_body, validate};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    parameters::Parameters,
    response::DocumentBody,
    routes::Routes,
    schema::{AnyObject, IdText, PageParameters, Stamps},
};

/// The routes of service level objectives.
pub(crate) fn routes() -> Routes {
    let routes = Routes::of(
        "SLOs",
        "Targets for the share of good events. They are stored and not evaluated.",
    );
    collection!(
        routes,
        SloBody,
        "/v2/slo",
        Access::Writer,
        "an SLO",
        "SLOs",
        list::<SloBody>,
        create::<SloBody>,
        delete::<SloBody>,
    )
    .post(
        "/v2/slo/validate",
        Access::Writer,
        "Validate an SLO without creating it",
        validate::<SloBody>,
    )
    .post(
        "/v2/slo/search",
        Access::AnyCaller,
        "Search for SLOs",
        search,
    )
}

async fn search(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<SloParameters>,
    given: JsonBody<SloSearchFields>,
) -> Result<Json<ListBody<DocumentBody<SloBody>>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let objects = service.objects();
    let found = objects.search_slos(&caller, &given, &query, page).await?;
    let with_webhooks = found.results.iter().collect();
    objects.record_webhook_reads(&caller, with_webhooks).await?;
    Ok(list_body(found))
}

impl SharedBody for SloBody {
    type Request = SloFields;
    type ListParameters = SloParameters;

    const KIND: SharedKind = SharedKind::Slo;
}

/// The fields of a request for an SLO.
#[derive(JsonSchema)]
#[schemars(rename = "SloGiven", rename_all = "camelCase")]
pub(crate) struct SloFields {
    #[schemars(length(min = 1, max = 1_000))]
    name: String,
    #[schemars(length(max = 1_024))]
    description: Option<String>,
    #[schemars(rename = "type")]
    kind: SloType,
    inputs: Inputs,
    #[schemars(length(min = 1, max = 2_000))]
    targets: Vec<Target>,
    metadata: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum SloType {
    RequestBased,
    WindowsBased,
}

/// The program, and the labels of its streams in an SLO of requests.
#[derive(JsonSchema)]
#[schemars(rename = "SloInputs", rename_all = "camelCase")]
struct Inputs {
    #[schemars(length(min = 1, max = 50_000))]
    program_text: String,
    good_events_label: Option<String>,
    total_events_label: Option<String>,
}

/// The share of good events in a time, and what alerts about it.
#[derive(JsonSchema)]
#[schemars(rename = "SloTarget", rename_all = "camelCase")]
struct Target {
    #[schemars(rename = "type")]
    kind: TargetType,
    /// A percentage.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 100))]
    slo: f64,
    /// From `1d` to `30d`; of a rolling window.
    compliance_period: Option<String>,
    /// Of a calendar window.
    cycle_type: Option<CycleType>,
    cycle_start: Option<String>,
    slo_alert_rules: Option<Vec<AlertRule>>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum TargetType {
    RollingWindow,
    CalendarWindow,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum CycleType {
    Week,
    Month,
    #[schemars(rename = "")]
    NotGiven,
}

/// Rules with the fields of those of detectors, and parameters.
#[derive(JsonSchema)]
#[schemars(rename = "SloAlertRule")]
struct AlertRule {
    #[schemars(rename = "type")]
    kind: AlertType,
    rules: Option<Vec<AnyObject>>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
enum AlertType {
    Breach,
    ErrorBudgetLeft,
    BurnRate,
}

/// A service level objective.
#[derive(JsonSchema)]
#[schemars(rename = "Slo", rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct SloBody {
    id: IdText,
    name: String,
    description: String,
    #[schemars(rename = "type")]
    kind: SloType,
    inputs: Inputs,
    targets: Vec<Target>,
    metadata: Vec<String>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the list of SLOs.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct SloParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}

/// What SLOs to find. Without conditions, all.
#[derive(JsonSchema)]
#[schemars(rename = "SloSearch", rename_all = "camelCase")]
struct SloSearchFields {
    /// Only these SLOs.
    slo_ids: Option<Vec<IdText>>,
    /// Only SLOs with alerts of this type: no SLO, because SLOs are not evaluated.
    breach_alerts_triggered: Option<bool>,
    /// Only SLOs with alerts of this type: no SLO.
    error_budget_left_alerts_triggered: Option<bool>,
    /// Only SLOs with alerts of this type: no SLO.
    burn_rate_alerts_triggered: Option<bool>,
}
