//! `/v2/chart` (contract 3.5).

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    access::Access,
    chart,
    object::{Document, Object},
};
use service::Service;

use super::{
    body::JsonBody,
    error::ApiError,
    gate::By,
    object::{DEFAULT_LIMIT, ListBody, list_query, shown},
    path::{ObjectId, Parameters},
    route::Routes,
};

/// The routes of charts.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/chart", Access::AnyCaller, list)
        .post("/v2/chart", Access::Writer, create)
        .post("/v2/chart/validate", Access::Writer, validate)
        .get("/v2/chart/{id}", Access::AnyCaller, find)
        .put("/v2/chart/{id}", Access::Writer, update)
        .delete("/v2/chart/{id}", Access::Writer, delete)
}

async fn list(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
) -> Result<Json<ListBody<Document>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service.list_charts(&caller, &query, page).await?;
    Ok(Json(found.map(|chart| body(&chart)).into()))
}

async fn find(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<Json<Document>, ApiError> {
    let chart = service.find_chart(&caller, id).await?;
    Ok(Json(body(&chart)))
}

async fn create(
    State(service): State<Service>,
    By(caller): By,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let chart = service.create_chart(&caller, &given).await?;
    Ok(Json(body(&chart)))
}

async fn validate(
    State(service): State<Service>,
    By(caller): By,
    JsonBody(given): JsonBody,
) -> Result<StatusCode, ApiError> {
    service.validate_chart(&caller, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn update(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let chart = service.update_chart(&caller, id, &given).await?;
    Ok(Json(body(&chart)))
}

/// 200 with nothing in it: the Go client takes no other status (contract 1.11).
async fn delete(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<StatusCode, ApiError> {
    service.delete_chart(&caller, id).await?;
    Ok(StatusCode::OK)
}

/// A chart as the API shows it.
pub(super) fn body(chart: &Object) -> Document {
    shown(chart, chart::defaults(), Document::new())
}
