//! `/v2/dashboard` (contract 3.3).

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    access::Access,
    dashboard,
    id::Id,
    object::{Document, Object},
};
use serde_json::{Value, json};
use service::{Service, Validation};

use super::{
    body::{JsonBody, JsonListBody},
    chart,
    error::ApiError,
    gate::By,
    object::{DEFAULT_LIMIT, ListBody, list_query, shown},
    path::{ObjectId, Parameters},
    route::Routes,
};

/// The routes of dashboards.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/dashboard", Access::AnyCaller, list)
        .post("/v2/dashboard", Access::Writer, create)
        .post("/v2/dashboard/simple", Access::Writer, create_simple)
        .post("/v2/dashboard/validate", Access::Writer, validate)
        .get("/v2/dashboard/{id}", Access::AnyCaller, find)
        .put("/v2/dashboard/{id}", Access::Writer, update)
        .delete("/v2/dashboard/{id}", Access::Writer, delete)
}

async fn list(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
) -> Result<Json<ListBody<Document>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service.list_dashboards(&caller, &query, page).await?;
    Ok(Json(found.map(|dashboard| body(&dashboard)).into()))
}

async fn find(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<Json<Document>, ApiError> {
    let dashboard = service.find_dashboard(&caller, id).await?;
    Ok(Json(body(&dashboard)))
}

async fn create(
    State(service): State<Service>,
    By(caller): By,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let dashboard = service.create_dashboard(&caller, &given).await?;
    Ok(Json(body(&dashboard)))
}

/// Answers with the charts themselves in place of their positions.
async fn create_simple(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
    JsonListBody(items): JsonListBody,
) -> Result<Json<Document>, ApiError> {
    let group_id = parameters.find("groupId").map(Id::parse).transpose()?;
    let name = parameters.find("name");
    let (dashboard, charts) = service
        .create_simple_dashboard(&caller, name, group_id, &items)
        .await?;
    let mut shown = body(&dashboard);
    let charts: Vec<Document> = charts.iter().map(chart::body).collect();
    shown.insert("charts".to_owned(), json!(charts));
    Ok(Json(shown))
}

async fn validate(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
    JsonBody(given): JsonBody,
) -> Result<StatusCode, ApiError> {
    let validation = Validation::parse(parameters.find("validationMode"))?;
    service
        .validate_dashboard(&caller, &given, validation)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn update(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let dashboard = service.update_dashboard(&caller, id, &given).await?;
    Ok(Json(body(&dashboard)))
}

/// 200 with nothing in it: the Go client takes no other status (contract 1.11).
async fn delete(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<StatusCode, ApiError> {
    service.delete_dashboard(&caller, id).await?;
    Ok(StatusCode::OK)
}

/// A dashboard as the API shows it.
fn body(dashboard: &Object) -> Document {
    let managed = [
        ("groupId", json!(dashboard.parent_id)),
        ("customProperties", Value::Null),
        ("locked", json!(false)),
    ];
    let managed = managed.map(|(field, value)| (field.to_owned(), value));
    shown(
        dashboard,
        dashboard::defaults(),
        managed.into_iter().collect(),
    )
}
