//! Health checks.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use service::{Ready, Service, ServiceError};

use crate::{api::platform::error::ApiError, middleware::stopping::Stopping};

/// `GET /healthz`: the process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database can be read and written to, and the server does not stop. Faults that do not prevent
/// that are named.
pub(super) async fn ready(
    State(service): State<Service>,
    Extension(stopping): Extension<Stopping>,
) -> Response {
    if stopping.has_begun() {
        return ApiError::stopping().into_response();
    }
    match service.check_ready().await {
        Ready::Yes => "ready\n".into_response(),
        Ready::WithFaults => {
            "ready, but something went wrong with the database: run `countersign check`\n"
                .into_response()
        }
        Ready::No => ApiError::from(ServiceError::Unavailable(None)).into_response(),
    }
}
