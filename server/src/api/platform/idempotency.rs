//! The header `Idempotency-Key` of requests that create something (docs/api.md, "Repeating a request"). The operation
//! looks up and stores the result; this reads the key before the handler, and marks the response after it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    handler::Handler,
    http::{HeaderMap, HeaderName, HeaderValue, header::CONTENT_ENCODING, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{
    identity::actor::Caller,
    platform::idempotency::{IdempotencyKey, InvalidIdempotencyKey, KeyedRequest},
};
use service::Service;

use super::{
    body::max_bytes, compression::collect_decompressed, error::ApiError, route::RouteSpec,
};

/// The header with the key.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header of a response that repeats the response to an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The key of a request without a caller, in a handler. A caller has the key of its request itself.
#[derive(Debug, Clone)]
pub(crate) struct Keyed(pub(crate) Option<Arc<KeyedRequest>>);

impl<S: Send + Sync> FromRequestParts<S> for Keyed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let keyed = parts.extensions.get::<Arc<KeyedRequest>>();
        Ok(Self(keyed.cloned()))
    }
}

/// Whether the request has a key that its route reads.
pub(super) fn has_key(spec: RouteSpec, headers: &HeaderMap) -> bool {
    spec.creates && headers.contains_key(IDEMPOTENCY_KEY)
}

/// Runs the handler of a request with a key.
pub(super) async fn respond<H, T>(
    handler: H,
    spec: RouteSpec,
    request: Request,
    service: Service,
) -> Response
where
    H: Handler<T, Service>,
{
    let (request, keyed) = match read_key(spec, request).await {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    let mut response = handler.call(request, service).await;
    if keyed.is_repeat() && response.status().is_success() {
        let replayed = HeaderValue::from_static("true");
        response.headers_mut().insert(REPLAYED, replayed);
    }
    response
}

/// Reads the key and the body. The digest of the request includes the body.
async fn read_key(
    spec: RouteSpec,
    request: Request,
) -> Result<(Request, Arc<KeyedRequest>), ApiError> {
    let (mut parts, body) = request.into_parts();
    let key =
        key_in(&parts.headers).map_err(|invalid| ApiError::bad_request(invalid.to_string()))?;
    let caller = parts.extensions.remove::<Arc<Caller>>();
    // The same body may be compressed in different ways.
    let body = collect_decompressed(&parts.headers, body, max_bytes(caller.is_none())).await?;
    parts.headers.remove(CONTENT_ENCODING);
    let path = parts.uri.path().as_bytes();
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let operation = format!("{} {}", spec.method, spec.path);
    let keyed = Arc::new(KeyedRequest::new(key, operation, &[path, query, &body]));
    if let Some(caller) = caller {
        let keyed = Some(Arc::clone(&keyed));
        let caller = Caller {
            keyed,
            ..(*caller).clone()
        };
        parts.extensions.insert(Arc::new(caller));
    }
    parts.extensions.insert(Arc::clone(&keyed));
    Ok((Request::from_parts(parts, Body::from(body)), keyed))
}

/// The key in the header, which must not be repeated.
fn key_in(headers: &HeaderMap) -> Result<IdempotencyKey, InvalidIdempotencyKey> {
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (given.next(), given.next()) {
        (Some(value), None) => {
            let text = value.to_str().map_err(|_| InvalidIdempotencyKey)?;
            IdempotencyKey::parse(text)
        }
        (_, _) => Err(InvalidIdempotencyKey),
    }
}
