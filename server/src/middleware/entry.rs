//! The door: every request comes in and every reply goes out through it.
//!
//! Written by hand around the router, since each boxed layer costs about a microsecond and a request in all takes
//! twelve.

use std::{
    convert::Infallible,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Instant,
};

use app::Assets;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use service::Service;
use tower::Service as _;

use super::{
    cookies,
    error_page::PageAsked,
    headers::{Reply, stamp},
    origin,
    request_meta::{IncomingRequest, client},
    trusted_proxies::TrustedProxies,
    uri,
};
use crate::api::platform::error::ApiError;

/// What the door needs to know of the installation.
#[derive(Debug, Clone, Default)]
pub struct DoorSettings {
    /// The origin people know us by, without a slash at the end.
    pub public_url: Option<String>,
    /// The proxies whose `X-Forwarded-…` headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether `/metrics` is there.
    pub metrics: bool,
}

/// The whole server as one service, for one connection. A clone for a request counts up nothing that other connections
/// count as well: their processors would wait for each other.
#[derive(Clone)]
pub struct Door {
    inside: Arc<Inside>,
}

/// What is behind the door.
struct Inside {
    router: Router,
    service: Service,
    settings: Arc<DoorSettings>,
    assets: Arc<Assets>,
    peer: Option<Peer>,
}

/// The other end of a connection. What is the same for all requests that come by it is written once.
struct Peer {
    address: IpAddr,
    text: Arc<str>,
    /// The program, as its first request named it.
    client: OnceLock<Arc<str>>,
}

impl Peer {
    fn new(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self {
            address,
            text: Arc::from(address.to_string()),
            client: OnceLock::new(),
        }
    }

    /// The program that makes a request. Behind a proxy it may be another one from request to request.
    fn client(&self, headers: &HeaderMap) -> Arc<str> {
        let named = client(headers);
        let first = self.client.get_or_init(|| Arc::from(named));
        if **first == *named {
            Arc::clone(first)
        } else {
            Arc::from(named)
        }
    }
}

impl Door {
    /// A door before these routes.
    pub(crate) fn new(
        router: Router,
        service: Service,
        settings: DoorSettings,
        assets: Assets,
    ) -> Self {
        let inside = Inside {
            router,
            service,
            settings: Arc::new(settings),
            assets: Arc::new(assets),
            peer: None,
        };
        Self {
            inside: Arc::new(inside),
        }
    }

    /// The same door for a connection from there.
    #[must_use]
    pub fn for_peer(&self, address: IpAddr) -> Self {
        let inside = Inside {
            router: self.inside.router.clone(),
            service: self.inside.service.clone(),
            settings: Arc::clone(&self.inside.settings),
            assets: Arc::clone(&self.inside.assets),
            peer: Some(Peer::new(address)),
        };
        Self {
            inside: Arc::new(inside),
        }
    }
}

impl Inside {
    async fn answer(&self, mut request: Request) -> Response {
        uri::tidy(request.uri_mut());
        let incoming = self.incoming(&request);
        let reply = Reply {
            request_id: incoming.id,
            over_tls: incoming.over_tls,
            trusted: cookies::are_secure(incoming.over_tls, request.headers()),
        };
        let page = (!is_api(request.uri().path()))
            .then(|| PageAsked::read(&request, reply.trusted))
            .flatten();
        let mut response = if self.is_stranger(&request) {
            ApiError::new(
                StatusCode::FORBIDDEN,
                "This change was not asked for by a page of this server.",
            )
            .in_words()
        } else {
            request.extensions_mut().insert(incoming);
            match self.router.clone().call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        };
        if let Some(page) = page {
            response = page.show(response, &self.assets, reply.request_id);
        }
        stamp(response.headers_mut(), reply);
        response
    }

    /// Whether the request would change something with the cookie of somebody who did not ask for it. The API looks
    /// at no cookie, so anybody may send anything there.
    fn is_stranger(&self, request: &Request) -> bool {
        !is_api(request.uri().path())
            && !origin::may_change(
                request.method(),
                request.headers(),
                self.settings.public_url.as_deref(),
            )
    }

    fn incoming(&self, request: &Request) -> IncomingRequest {
        let trusted = &self.settings.trusted_proxies;
        let is_https = self
            .settings
            .public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"));
        let (address, over_tls) = match &self.peer {
            None => (Arc::from(""), false),
            Some(peer) if trusted.is_empty() => (peer.text.clone(), false),
            Some(peer) => {
                let address = trusted.client_address(peer.address, request.headers());
                let over_tls = trusted.is_forwarded_over_tls(peer.address, request.headers());
                (Arc::from(address.to_string()), over_tls)
            }
        };
        let client = match &self.peer {
            Some(peer) => peer.client(request.headers()),
            None => Arc::from(client(request.headers())),
        };
        IncomingRequest {
            id: self.service.new_request_id(),
            at: self.service.now(),
            started: Instant::now(),
            address,
            client,
            over_tls: over_tls || is_https,
            settings: Arc::clone(&self.settings),
        }
    }
}

/// Whether a path belongs to the API, which knows tokens and no cookies.
pub(crate) fn is_api(path: &str) -> bool {
    path.strip_prefix("/v2")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl<B> tower::Service<axum::http::Request<B>> for Door
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
        Box::pin(async move { Ok(inside.answer(request).await) })
    }
}
