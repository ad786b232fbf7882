//! `/v2/alertmuting` (docs/contract.md#alert-muting).

#![expect(dead_code, reason = "shapes are described and never built")]

use axum::{Json, extract::State};
use domain::{
    audit::event::SharedKind, identity::access::Access, objects::shared::alert_muting::MutingFilter,
};
use schemars::JsonSchema;
use service::{ListQuery, Service};

use super::{SharedBody, collection, create_with_created, delete, list_body};
use crate::api::platform::{
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody},
    parameters::Parameters,
    response::DocumentBody,
    routes::Routes,
    schema::{IdText, PageParameters, Stamps, TextOrTexts},
};

/// The routes of alert muting rules.
pub(crate) fn routes() -> Routes {
    let routes = Routes::of(
        "Alert muting rules",
        "When alerts of which detectors and dimensions are not sent. They are stored and not evaluated.",
    )
    .without_secrets();
    collection!(
        routes,
        MutingBody,
        "/v2/alertmuting",
        Access::Writer,
        "an alert muting rule",
        "alert muting rules",
        list,
        create_with_created::<MutingBody>,
        delete::<MutingBody>,
    )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<MutingParameters>,
) -> Result<Json<ListBody<DocumentBody<MutingBody>>>, ApiError> {
    let include = parameters.find("include").unwrap_or_default();
    let filter = MutingFilter::from_label(include).ok_or_else(|| {
        ApiError::bad_request("include: must be one of Past, Open, Ongoing, Future, All")
    })?;
    let query = ListQuery {
        name: parameters.find("query").unwrap_or_default().to_owned(),
        order_by: parameters.order_by().to_owned(),
        ..ListQuery::default()
    };
    let page = parameters.page(DEFAULT_LIMIT);
    let objects = service.objects();
    let found = objects
        .list_muting_rules(&caller, filter, &query, page)
        .await?;
    Ok(list_body(found))
}

impl SharedBody for MutingBody {
    type Request = MutingFields;
    type ListParameters = MutingParameters;

    const KIND: SharedKind = SharedKind::AlertMuting;
}

/// The fields of a request for an alert muting rule.
#[derive(JsonSchema)]
#[schemars(rename = "AlertMutingRuleGiven", rename_all = "camelCase")]
pub(crate) struct MutingFields {
    #[schemars(length(max = 1_000))]
    description: Option<String>,
    /// An alert that matches all of them is muted.
    #[schemars(length(max = 2_000))]
    filters: Option<Vec<Filter>>,
    recurrence: Option<Recurrence>,
    send_alerts_once_muting_period_has_ended: Option<bool>,
    /// In milliseconds since 1970. Of a new rule, the time of the request if absent.
    #[schemars(range(min = 0, max = 253_402_300_799_999_i64))]
    start_time: Option<i64>,
    /// In milliseconds since 1970, after the start; 0 for no end.
    #[schemars(range(min = 0, max = 253_402_300_799_999_i64))]
    stop_time: Option<i64>,
}

/// A dimension or property of alerts, with its values. The values of `sf_detectorId` are ids of detectors.
#[derive(JsonSchema)]
#[schemars(rename = "AlertMutingFilter", rename_all = "camelCase")]
struct Filter {
    #[schemars(rename = "NOT")]
    not: Option<bool>,
    #[schemars(length(min = 1))]
    property: String,
    property_value: TextOrTexts,
}

/// How often the rule recurs.
#[derive(JsonSchema)]
#[schemars(rename = "AlertMutingRecurrence")]
struct Recurrence {
    unit: Unit,
    #[schemars(range(min = 1, max = 10_000))]
    value: i64,
}

/// Days or weeks.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum Unit {
    D,
    W,
}

/// An alert muting rule.
#[derive(JsonSchema)]
#[schemars(
    rename = "AlertMutingRule",
    rename_all = "camelCase",
    extend("additionalProperties" = true)
)]
pub(crate) struct MutingBody {
    id: IdText,
    description: String,
    filters: Vec<Filter>,
    recurrence: Option<Recurrence>,
    send_alerts_once_muting_period_has_ended: bool,
    /// In milliseconds since 1970.
    start_time: i64,
    /// In milliseconds since 1970; 0 for no end.
    stop_time: i64,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the list of alert muting rules.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct MutingParameters {
    /// The rules in this state, in any case. `Open` rules are those that have not ended.
    include: Option<Include>,
    /// A part of the description; case is ignored.
    query: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Include {
    Past,
    Open,
    Ongoing,
    Future,
    All,
}
