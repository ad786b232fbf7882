//! Assembles the server from its parts.

use axum::{Extension, Router, routing::get};
use service::Service;
use tower_http::compression::CompressionLayer;

use super::{health, metrics};
use crate::{
    api::{self, openapi, platform::other_method::other_method},
    middleware::{entry::EntryService, settings::EntrySettings, stopping::Stopping},
    site::{self, Site},
};

/// Returns the whole server, over an open service, as one tower service.
#[must_use]
pub fn entry_service(service: Service, settings: EntrySettings, site: Site) -> EntryService {
    let stopping = Stopping::default();
    let ready = get(health::ready).layer(Extension(stopping.clone()));
    let compression = CompressionLayer::new().br(true).gzip(true);
    let router = Router::new()
        .merge(api::routes().into_router())
        .route("/openapi.json", get(openapi::serve).layer(compression))
        .route("/healthz", get(health::alive))
        .route("/readyz", ready)
        .merge(optional_metrics(settings.metrics))
        .method_not_allowed_fallback(other_method)
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
