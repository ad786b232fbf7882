//! `/v2/integration` (contract 3.1). Everybody lists and reads integrations; what they read of secrets, the act decides.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    access::Access,
    integration::defaults,
    object::{Document, Stamp},
};
use serde_json::{Value, json};
use service::{IntegrationView, Service};

use super::{
    body::JsonBody,
    error::ApiError,
    gate::By,
    object::{DEFAULT_LIMIT, ListBody, list_query, shown},
    path::{ObjectId, Parameters},
    route::Routes,
};

/// The routes of integrations.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/integration", Access::AnyCaller, list)
        .post("/v2/integration", Access::Administrator, create)
        .get("/v2/integration/{id}", Access::AnyCaller, find)
        .put("/v2/integration/{id}", Access::Administrator, update)
        .delete("/v2/integration/{id}", Access::Administrator, delete)
        .get(
            "/v2/integration/validate/{id}",
            Access::Administrator,
            validate,
        )
}

async fn list(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
) -> Result<Json<ListBody<Document>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service.list_integrations(&caller, &query, page).await?;
    Ok(Json(found.map(|view| body(view, &parameters)).into()))
}

async fn find(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    parameters: Parameters,
) -> Result<Json<Document>, ApiError> {
    let view = service.find_integration(&caller, id).await?;
    Ok(Json(body(view, &parameters)))
}

async fn create(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let view = service.create_integration(&caller, &given).await?;
    Ok(Json(body(view, &parameters)))
}

async fn update(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
    parameters: Parameters,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let view = service.update_integration(&caller, id, &given).await?;
    Ok(Json(body(view, &parameters)))
}

async fn delete(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<StatusCode, ApiError> {
    service.delete_integration(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn validate(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<StatusCode, ApiError> {
    service.validate_integration(&caller, id).await?;
    Ok(StatusCode::OK)
}

/// An integration as the API shows it. The names of who made and changed it are told to those who ask for them.
fn body(view: IntegrationView, parameters: &Parameters) -> Document {
    let integration = view.integration;
    let name = |asked: &str, stamp: &Stamp| {
        let asks = parameters.all("userParam").any(|given| given == asked);
        Some(json!(stamp.by.actor_name))
            .filter(|_| asks)
            .unwrap_or(Value::Null)
    };
    let names = [
        ("createdByName", name("creator", &integration.created)),
        (
            "lastUpdatedByName",
            name("lastUpdatedBy", &integration.updated),
        ),
    ];
    let names = names.map(|(field, name)| (field.to_owned(), name));
    let defaults = defaults(&integration.document);
    shown(&integration, defaults, names.into_iter().collect())
}
