//! `/v2/slo` (docs/contract.md#slos).

#![expect(dead_code, reason = "shapes are described and never built")]

use domain::{audit::event::SharedKind, identity::access::Access};
use schemars::JsonSchema;

use super::{SharedBody, create, delete, find, list, update, validate};
use crate::api::platform::{
    routes::Routes,
    schema::{AnyObject, IdText, PageParameters, Stamps},
};

/// The routes of service level objectives.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "SLOs",
        "Targets for the share of good events. They are stored and not evaluated.",
    )
    .get("/v2/slo", Access::AnyCaller, "List SLOs", list::<SloBody>)
    .create(
        "/v2/slo",
        Access::Writer,
        "Create an SLO",
        create::<SloBody>,
    )
    .post(
        "/v2/slo/validate",
        Access::Writer,
        "Validate an SLO without creating it",
        validate::<SloBody>,
    )
    .get(
        "/v2/slo/{id}",
        Access::AnyCaller,
        "Read an SLO",
        find::<SloBody>,
    )
    .put(
        "/v2/slo/{id}",
        Access::Writer,
        "Replace an SLO",
        update::<SloBody>,
    )
    .delete(
        "/v2/slo/{id}",
        Access::Writer,
        "Delete an SLO",
        delete::<SloBody>,
    )
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
