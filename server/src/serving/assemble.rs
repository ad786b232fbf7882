//! Assembles the server from its parts.

use axum::{Extension, Router, http::StatusCode, routing::get};
use service::Service;

use super::{health, metrics};
use crate::{
    api::{self, openapi, platform::error::ApiError},
    middleware::{entry::EntryService, settings::EntrySettings, stopping::Stopping},
    site::{self, Site},
};

/// Returns the whole server, over an open service, as one tower service.
#[must_use]
pub fn entry_service(service: Service, settings: EntrySettings, site: Site) -> EntryService {
    let stopping = Stopping::default();
    let ready = get(health::ready).layer(Extension(stopping.clone()));
    let router = Router::new()
        .merge(api::routes().into_router())
        .route("/openapi.json", get(openapi::serve))
        .route("/healthz", get(health::alive))
        .route("/readyz", ready)
        .merge(optional_metrics(settings.metrics))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(service.clone())
        .merge(site::routes(service.clone(), site.clone()));
    EntryService::new(router, service, settings, site.assets(), stopping)
}

fn optional_metrics(enabled: bool) -> Router<Service> {
    let router = Router::new();
    if enabled {
        router.route("/metrics", get(metrics::serve))
    } else {
        router
    }
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This path does not answer that method.",
    )
}
