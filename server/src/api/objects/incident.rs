//! `/v2/incident` (docs/contract.md#incidents). Detectors are not run, so there are no incidents: lists are empty,
//! every id is unknown, and clearing many clears none.

mod schema;

use self::schema::{Clearing, IncidentParameters};
use crate::api::platform::{
    body::JsonBody, error::ApiError, parameters::Parameters, path::ObjectId,
    response::EmptyCreated, routes::Routes,
};
use axum::Json;
use domain::{identity::access::Access, objects::incident::check_filters};

/// The routes of incidents.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Incidents",
        "What detectors found. Detectors are not run, so every list is empty.",
    )
    .without_secrets()
    .get(
        "/v2/incident",
        Access::AnyCaller,
        "List incidents (always empty)",
        list,
    )
    .get(
        "/v2/incident/{id}",
        Access::AnyCaller,
        "Read an incident",
        find,
    )
    .put(
        "/v2/incident/{id}/clear",
        Access::Writer,
        "Clear an incident",
        find,
    )
    .put(
        "/v2/incident/clear",
        Access::Writer,
        "Clear the incidents that match",
        clear,
    )
}

async fn list(_: Parameters<IncidentParameters>) -> Json<[(); 0]> {
    Json([])
}

async fn find(_: ObjectId) -> ApiError {
    ApiError::not_found("Unable to find the given incident.")
}

async fn clear(given: JsonBody<Clearing>) -> Result<EmptyCreated, ApiError> {
    check_filters(&given)?;
    Ok(EmptyCreated)
}
