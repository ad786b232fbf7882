//! The entry service: the outermost service, which every request and every response passes.
//!
//! It is written by hand around the router and not as tower layers: each boxed layer costs about a microsecond, and a
//! whole request takes twelve.

use std::{
    convert::Infallible,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use app::Assets;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use service::Service;
use tower::Service as _;

use super::{
    cookies,
    cors::{self, CrossOrigin},
    error_page::PageRequest,
    headers::{ResponseMeta, set_headers},
    host,
    peer::Peer,
    plain_error::PlainError,
    request_meta::{IncomingRequest, client},
    settings::EntrySettings,
    stopping::Stopping,
    uri,
};

/// The whole server as one service, for one connection. A clone for a request increments no counter that other
/// connections share: their processors would wait for each other.
#[derive(Clone)]
pub struct EntryService {
    inside: Arc<Inside>,
}

/// An extension of a request: its network has requested too many pages at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TooManyPages;

struct Inside {
    router: Router,
    service: Service,
    settings: Arc<EntrySettings>,
    assets: Arc<Assets>,
    stopping: Stopping,
    peer: Option<Peer>,
}

impl EntryService {
    /// Creates the entry service in front of these routes, without a peer.
    pub(crate) fn new(
        router: Router,
        service: Service,
        settings: EntrySettings,
        assets: Assets,
        stopping: Stopping,
    ) -> Self {
        let inside = Inside {
            router,
            service,
            settings: Arc::new(settings),
            assets: Arc::new(assets),
            stopping,
            peer: None,
        };
        Self {
            inside: Arc::new(inside),
        }
    }

    /// Returns the same service for a connection from this address.
    #[must_use]
    pub fn for_peer(&self, address: IpAddr) -> Self {
        let inside = Inside {
            router: self.inside.router.clone(),
            service: self.inside.service.clone(),
            settings: Arc::clone(&self.inside.settings),
            assets: Arc::clone(&self.inside.assets),
            stopping: self.inside.stopping.clone(),
            peer: Some(Peer::new(address)),
        };
        Self {
            inside: Arc::new(inside),
        }
    }

    /// The flag that makes `/readyz` fail, because the server stops.
    #[must_use]
    pub fn stopping(&self) -> &Stopping {
        &self.inside.stopping
    }
}

impl Inside {
    async fn respond(&self, mut request: Request) -> Response {
        uri::normalize(request.uri_mut());
        let incoming = self.inspect(&request);
        let meta = ResponseMeta {
            request_id: incoming.id,
            over_tls: incoming.over_tls,
            hsts_subdomains: self.settings.hsts_subdomains,
            trusted: cookies::are_secure(incoming.over_tls, request.headers()),
        };
        // A rendered error page would be one page too many.
        let may_render = request.extensions().get::<TooManyPages>().is_none();
        let is_api = is_api(request.uri().path());
        let cross_origin = is_api.then(|| self.cross_origin(&request)).flatten();
        let page = (may_render && !is_api)
            .then(|| PageRequest::read(&request, meta.trusted))
            .flatten();
        let mut response = if let Some(rejection) = self.rejection(&request) {
            if is_api {
                rejection.error().into_api_response()
            } else {
                rejection.error().into_response()
            }
        } else {
            request.extensions_mut().insert(incoming);
            match self.router.clone().call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        };
        if let Some(page) = page {
            response = page.render_error(response, &self.assets, meta.request_id);
        }
        set_headers(response.headers_mut(), meta);
        if is_api && !self.settings.cors_origins.is_empty() {
            cors::vary(response.headers_mut());
        }
        if let Some(cross_origin) = cross_origin {
            cross_origin.permit(response.headers_mut());
        }
        response
    }

    fn cross_origin(&self, request: &Request) -> Option<CrossOrigin> {
        let allowed = &self.settings.cors_origins;
        CrossOrigin::read(request.method(), request.headers(), allowed)
    }

    /// Returns why no route may see a request.
    fn rejection(&self, request: &Request) -> Option<Rejection> {
        if host::is_invalid(request) {
            return Some(Rejection::InvalidHost);
        }
        let is_allowed = self.settings.allows_host(host::named(request))
            || host::is_any_allowed(request.uri().path());
        if !is_allowed {
            return Some(Rejection::Misdirected);
        }
        let is_too_many = request.extensions().get::<TooManyPages>().is_some();
        is_too_many.then_some(Rejection::TooManyPages)
    }

    fn inspect(&self, request: &Request) -> IncomingRequest {
        let headers = request.headers();
        let ((address, forwarded_over_tls), client) = match &self.peer {
            Some(peer) => (peer.origin(&self.settings, headers), peer.client(headers)),
            None => ((Arc::from(""), false), Arc::from(client(headers))),
        };
        IncomingRequest {
            id: self.service.new_request_id(),
            at: self.service.now(),
            started: Instant::now(),
            address,
            client,
            over_tls: forwarded_over_tls || self.settings.is_https(),
            forwarded_over_tls,
            settings: Arc::clone(&self.settings),
        }
    }
}

/// Why no route may see a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rejection {
    /// It does not name exactly one host.
    InvalidHost,
    /// It names a host that is not ours.
    Misdirected,
    /// Its network has requested too many pages at once.
    TooManyPages,
}

impl Rejection {
    fn error(self) -> PlainError {
        match self {
            Self::InvalidHost => PlainError::new(
                StatusCode::BAD_REQUEST,
                "The request does not name exactly one host.",
            ),
            Self::Misdirected => PlainError::new(
                StatusCode::MISDIRECTED_REQUEST,
                "This server does not answer for the host that the request names. Use its public URL.",
            ),
            Self::TooManyPages => PlainError {
                retry_after_seconds: Some(1),
                ..PlainError::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Your network has requested too many pages at once. Try again in a moment.",
                )
            },
        }
    }
}

/// What the paths of the API begin with.
const API: [&str; 6] = [
    "/v2",
    "/audit/checkpoint",
    "/audit/consistency",
    "/audit/key",
    "/audit/proof",
    "/audit/tile",
];

/// Whether a path belongs to the API, which authenticates by token and reads no cookies.
pub(crate) fn is_api(path: &str) -> bool {
    API.iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

impl<B> tower::Service<axum::http::Request<B>> for EntryService
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: axum::http::Request<B>) -> Self::Future {
        let inside = Arc::clone(&self.inside);
        let request = request.map(Body::new);
        Box::pin(async move { Ok(inside.respond(request).await) })
    }
}
