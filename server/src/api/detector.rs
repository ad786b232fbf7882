//! `/v2/detector` (contract 3.6). There is no analytics engine here: detectors have no events and no incidents.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    access::Access,
    actor::Caller,
    detector::defaults,
    id::Id,
    object::{Document, Object},
};
use serde_json::{Value, json};
use service::Service;

use super::{
    body::{JsonBody, JsonListBody},
    error::ApiError,
    gate::By,
    object::{DEFAULT_LIMIT, ListBody, list_query, shown},
    path::{ObjectId, Parameters},
    route::Routes,
};

/// The routes of detectors.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/detector", Access::AnyCaller, list)
        .post("/v2/detector", Access::Writer, create)
        .post("/v2/detector/validate", Access::Writer, validate)
        .get("/v2/detector/{id}", Access::AnyCaller, find)
        .put("/v2/detector/{id}", Access::Writer, update)
        .delete("/v2/detector/{id}", Access::Writer, delete)
        .put("/v2/detector/{id}/enable", Access::Writer, enable)
        .put("/v2/detector/{id}/disable", Access::Writer, disable)
        .get("/v2/detector/{id}/events", Access::AnyCaller, list_nothing)
        .get(
            "/v2/detector/{id}/incidents",
            Access::AnyCaller,
            list_nothing,
        )
}

async fn list(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
) -> Result<Json<ListBody<Document>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service.list_detectors(&caller, &query, page).await?;
    Ok(Json(found.map(|detector| body(&detector)).into()))
}

async fn find(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<Json<Document>, ApiError> {
    let detector = service.find_detector(&caller, id).await?;
    Ok(Json(body(&detector)))
}

async fn create(
    State(service): State<Service>,
    By(caller): By,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let detector = service.create_detector(&caller, &given).await?;
    Ok(Json(body(&detector)))
}

async fn validate(
    State(service): State<Service>,
    By(caller): By,
    JsonBody(given): JsonBody,
) -> Result<StatusCode, ApiError> {
    service.validate_detector(&caller, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn update(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let detector = service.update_detector(&caller, id, &given).await?;
    Ok(Json(body(&detector)))
}

async fn delete(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<StatusCode, ApiError> {
    service.delete_detector(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn enable(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    JsonListBody(labels): JsonListBody,
) -> Result<StatusCode, ApiError> {
    set_disabled(&service, &caller, id, &labels, false).await
}

async fn disable(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    JsonListBody(labels): JsonListBody,
) -> Result<StatusCode, ApiError> {
    set_disabled(&service, &caller, id, &labels, true).await
}

async fn set_disabled(
    service: &Service,
    caller: &Caller,
    id: Id,
    labels: &[Value],
    disabled: bool,
) -> Result<StatusCode, ApiError> {
    let labels: Option<Vec<String>> = labels
        .iter()
        .map(|label| label.as_str().map(str::to_owned))
        .collect();
    let labels = labels.ok_or_else(|| ApiError::bad_request("A label is not a text."))?;
    service
        .set_rules_disabled(caller, id, &labels, disabled)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_nothing(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<Json<[(); 0]>, ApiError> {
    service.find_detector(&caller, id).await?;
    Ok(Json([]))
}

/// A detector as the API shows it.
fn body(detector: &Object) -> Document {
    let managed = [
        ("labelResolutions", json!({})),
        ("overMTSLimit", json!(false)),
        ("status", json!("ACTIVE")),
        ("locked", json!(false)),
    ];
    let managed = managed.map(|(field, value)| (field.to_owned(), value));
    shown(detector, defaults(), managed.into_iter().collect())
}
