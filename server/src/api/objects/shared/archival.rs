//! `/v2/automated-archival` (docs/contract.md#automated-archival): one object with settings, and a list of exempt
//! metrics.

#![expect(dead_code, reason = "shapes are described and never built")]

use axum::{Json, extract::State, http::StatusCode, response::NoContent};
use domain::{audit::event::SharedKind, identity::access::Access, objects::object::Object};
use schemars::JsonSchema;
use serde_json::{Value, json};
use service::Service;

use super::{SharedBody, body};
use crate::api::platform::{
    body::{JsonBody, RequiredJsonListBody},
    caller::Authenticated,
    error::ApiError,
    response::DocumentBody,
    route::Summary,
    routes::Routes,
    schema::{IdText, Nothing, Stamps},
};

/// The routes of automated archival.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Automated archival",
        "Which metrics are archived when they are not used. Settings are stored and not evaluated.",
    )
    .without_secrets()
    .get(
        "/v2/automated-archival/settings",
        Access::AnyCaller,
        Summary::new("Read the settings").or(StatusCode::NOT_FOUND),
        find,
    )
    .create(
        "/v2/automated-archival/settings",
        Access::Writer,
        "Create the settings",
        create,
    )
    .put(
        "/v2/automated-archival/settings",
        Access::Writer,
        Summary::new("Replace the settings")
            .or(StatusCode::NOT_FOUND)
            .or(StatusCode::CONFLICT),
        update,
    )
    .delete(
        "/v2/automated-archival/settings",
        Access::Writer,
        Summary::new("Delete the settings")
            .or(StatusCode::NOT_FOUND)
            .or(StatusCode::CONFLICT),
        delete,
    )
    .get(
        "/v2/automated-archival/exempt-metrics",
        Access::AnyCaller,
        "List the exempt metrics",
        list_exempt,
    )
    .create(
        "/v2/automated-archival/exempt-metrics",
        Access::Writer,
        "Exempt metrics",
        exempt,
    )
    .delete(
        "/v2/automated-archival/exempt-metrics",
        Access::Writer,
        "End the exemption of metrics",
        end_exemptions,
    )
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
) -> Result<Json<DocumentBody<SettingsBody>>, ApiError> {
    let found = service.objects().find_archival_settings(&caller).await?;
    Ok(Json(settings_body(&found)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<SettingsFields>,
) -> Result<Json<DocumentBody<SettingsBody>>, ApiError> {
    let objects = service.objects();
    let created = objects
        .create_shared(SettingsBody::KIND, &caller, &given)
        .await?;
    Ok(Json(settings_body(&created)))
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<SettingsFields>,
) -> Result<Json<DocumentBody<SettingsBody>>, ApiError> {
    let objects = service.objects();
    let updated = objects.update_archival_settings(&caller, &given).await?;
    Ok(Json(settings_body(&updated)))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<SettingsVersion>,
) -> Result<NoContent, ApiError> {
    let objects = service.objects();
    objects.delete_archival_settings(&caller, &given).await?;
    Ok(NoContent)
}

async fn list_exempt(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Vec<DocumentBody<ExemptMetricBody>>>, ApiError> {
    let found = service.objects().list_exempt_metrics(&caller).await?;
    Ok(Json(found.iter().map(body).collect()))
}

async fn exempt(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: RequiredJsonListBody<ExemptMetricFields>,
) -> Result<Json<Vec<DocumentBody<ExemptMetricBody>>>, ApiError> {
    let exempt = service.objects().exempt_metrics(&caller, &given).await?;
    Ok(Json(exempt.iter().map(body).collect()))
}

async fn end_exemptions(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ExemptMetricIds>,
) -> Result<NoContent, ApiError> {
    service.objects().end_exemptions(&caller, &given).await?;
    Ok(NoContent)
}

/// Returns settings, without their id: the Go client fails on a field that it does not know.
fn settings_body(settings: &Object) -> DocumentBody<SettingsBody> {
    let mut body = body::<SettingsBody>(settings).into_document();
    body.shift_remove("id");
    body.into()
}

impl SharedBody for SettingsBody {
    type Request = SettingsFields;
    type ListParameters = Nothing;

    const KIND: SharedKind = SharedKind::ArchivalSettings;

    fn managed(settings: &Object) -> Vec<(&'static str, Value)> {
        vec![("orgId", json!(settings.organization_id))]
    }
}

impl SharedBody for ExemptMetricBody {
    type Request = ExemptMetricFields;
    type ListParameters = Nothing;

    const KIND: SharedKind = SharedKind::ExemptMetric;

    fn managed(metric: &Object) -> Vec<(&'static str, Value)> {
        vec![("orgId", json!(metric.organization_id))]
    }
}

/// The fields of a request for the settings of automated archival.
#[derive(JsonSchema)]
#[schemars(rename = "ArchivalSettingsGiven", rename_all = "camelCase")]
pub(crate) struct SettingsFields {
    enabled: bool,
    lookback_period: LookbackPeriod,
    /// A number of days from `P0D` to `P365D`.
    grace_period: String,
    #[schemars(range(min = 0))]
    ruleset_limit: Option<i32>,
    /// Of an update, the version that it replaces; ignored in new settings.
    version: Option<i64>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum LookbackPeriod {
    P30D,
    P45D,
    P60D,
}

/// The settings of automated archival.
#[derive(JsonSchema)]
#[schemars(rename = "ArchivalSettings", rename_all = "camelCase")]
pub(crate) struct SettingsBody {
    org_id: IdText,
    /// Counts up with each change.
    version: i64,
    enabled: bool,
    lookback_period: LookbackPeriod,
    grace_period: String,
    ruleset_limit: Option<i32>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// The version of the settings to delete.
#[derive(JsonSchema)]
#[schemars(rename = "ArchivalSettingsVersion")]
struct SettingsVersion {
    version: i64,
}

/// A metric to exempt.
#[derive(JsonSchema)]
#[schemars(rename = "ExemptMetricGiven")]
pub(crate) struct ExemptMetricFields {
    #[schemars(length(min = 1, max = 256))]
    name: String,
}

/// A metric that is exempt from automated archival.
#[derive(JsonSchema)]
#[schemars(
    rename = "ExemptMetric",
    rename_all = "camelCase",
    extend("additionalProperties" = true)
)]
pub(crate) struct ExemptMetricBody {
    id: IdText,
    name: String,
    org_id: IdText,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// The exempt metrics to remove.
#[derive(JsonSchema)]
#[schemars(rename = "ExemptMetricsToRemove")]
struct ExemptMetricIds {
    #[schemars(length(max = 2_000))]
    ids: Vec<IdText>,
}
