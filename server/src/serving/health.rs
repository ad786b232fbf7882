//! Health checks.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use service::Service;

use crate::api::platform::error::ApiError;

/// `GET /healthz`: the process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers.
pub(super) async fn ready(State(service): State<Service>) -> Response {
    match service.check_ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => ApiError::from(error).into_response(),
    }
}
