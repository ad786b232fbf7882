//! The HTTP side: the API under `/v2`, the pages, the files, and the command line.
//!
//! May go in: how a program asks and what it is answered, middleware, settings, the wiring of it all. Never: a rule
//! about who may do what (`domain`, `service`), SQL, markup.
//!
//! Start with [`api`], whose routes say who may call them; then [`http::door`], through which every request comes and
//! every reply goes. [`pages`](self) are rendered by the `app` crate. Tests build [`door`] in process.

pub mod middleware;

pub mod api;
pub mod cli;
mod command;
pub mod config;
mod listen;
mod metrics;
pub mod site;
pub mod telemetry;

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use service::Service;

use crate::{
    api::platform::error::ApiError,
    middleware::entry::{Door, DoorSettings},
    site::Site,
};

/// The whole server over an open service, as one tower service.
#[must_use]
pub fn door(service: Service, settings: DoorSettings, site: Site) -> Door {
    let router = Router::new()
        .merge(api::routes().into_router())
        .route("/openapi.json", get(api::platform::openapi::serve))
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .merge(watched(settings.metrics))
        .method_not_allowed_fallback(wrong_method)
        .with_state(service.clone())
        .merge(site::pages::routes(service.clone(), site.clone()));
    Door::new(router, service, settings, site.assets())
}

/// What only those have who asked for it: `/metrics`.
fn watched(metrics: bool) -> Router<Service> {
    let router = Router::new();
    if metrics {
        router.route("/metrics", get(metrics::serve))
    } else {
        router
    }
}

/// The process runs.
async fn alive() -> &'static str {
    "ok\n"
}

/// It can serve: the database answers.
async fn ready(State(service): State<Service>) -> Response {
    match service.check_ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => ApiError::from(error).into_response(),
    }
}

async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This path does not answer that method.",
    )
}
