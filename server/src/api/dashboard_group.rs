//! `/v2/dashboardgroup` (contract 3.4).

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    access::Access,
    dashboard_group::{configs, defaults},
    id::Id,
    object::{Document, Object},
    page::Page,
};
use serde::Serialize;
use serde_json::json;
use service::{Service, Validation};

use super::{
    body::JsonBody,
    error::ApiError,
    gate::By,
    object::{DEFAULT_LIMIT, ListBody, list_query, shown},
    path::{ObjectId, Parameters},
    route::Routes,
};

/// The routes of dashboard groups.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/dashboardgroup", Access::AnyCaller, list)
        .post("/v2/dashboardgroup", Access::Writer, create)
        .post("/v2/dashboardgroup/validate", Access::Writer, validate)
        .get("/v2/dashboardgroup/{id}", Access::AnyCaller, find)
        .put("/v2/dashboardgroup/{id}", Access::Writer, update)
        .delete("/v2/dashboardgroup/{id}", Access::Writer, delete)
        .post(
            "/v2/dashboardgroup/{id}/dashboard",
            Access::Writer,
            clone_dashboard,
        )
}

/// `excludeCustom=true` asks for what the product ships, and we ship none.
async fn list(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
) -> Result<Json<ListBody<Document>>, ApiError> {
    let query = list_query(&parameters)?;
    let found = if parameters.find("excludeCustom") == Some("true") {
        Page {
            count: 0,
            results: Vec::new(),
        }
    } else {
        let page = parameters.page(DEFAULT_LIMIT);
        service.list_dashboard_groups(&caller, &query, page).await?
    };
    Ok(Json(found.map(|group| body(&group)).into()))
}

async fn find(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<Json<Document>, ApiError> {
    let group = service.find_dashboard_group(&caller, id).await?;
    Ok(Json(body(&group)))
}

async fn create(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let empty = parameters.find("empty") == Some("true");
    let group = service
        .create_dashboard_group(&caller, &given, empty)
        .await?;
    Ok(Json(body(&group)))
}

async fn validate(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
    JsonBody(given): JsonBody,
) -> Result<StatusCode, ApiError> {
    let validation = Validation::parse(parameters.find("validationMode"))?;
    service
        .validate_dashboard_group(&caller, &given, validation)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn update(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let group = service.update_dashboard_group(&caller, id, &given).await?;
    Ok(Json(body(&group)))
}

async fn delete(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<StatusCode, ApiError> {
    service.delete_dashboard_group(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn clone_dashboard(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(group_id): ObjectId,
    JsonBody(given): JsonBody,
) -> Result<Json<ClonedBody>, ApiError> {
    let copy = service.clone_dashboard(&caller, group_id, &given).await?;
    Ok(Json(ClonedBody { id: copy.id }))
}

/// The copy that was made.
#[derive(Serialize)]
struct ClonedBody {
    id: Id,
}

/// A dashboard group as the API shows it.
fn body(group: &Object) -> Document {
    let dashboards: Vec<Id> = configs(&group.document)
        .into_iter()
        .map(|config| config.dashboard_id)
        .collect();
    let mut managed = Document::new();
    managed.insert("dashboards".to_owned(), json!(dashboards));
    shown(group, defaults(), managed)
}
