//! `/v2/incident` (contract 3.7). No detector is run here, so there are no incidents: lists are empty, every id is
//! unknown, and clearing many clears none.

use axum::{Json, http::StatusCode};
use domain::{access::Access, incident::check_filters};
use serde_json::Value;

use super::{body::JsonBody, error::ApiError, path::ObjectId, route::Routes};

/// The routes of incidents.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/incident", Access::AnyCaller, list)
        .get("/v2/incident/{id}", Access::AnyCaller, find)
        .put("/v2/incident/{id}/clear", Access::Writer, find)
        .put("/v2/incident/clear", Access::Writer, clear)
}

async fn list() -> Json<Vec<Value>> {
    Json(Vec::new())
}

async fn find(_: ObjectId) -> ApiError {
    ApiError::not_found("Unable to find the given incident.")
}

async fn clear(JsonBody(given): JsonBody) -> Result<StatusCode, ApiError> {
    check_filters(&given)?;
    Ok(StatusCode::CREATED)
}
