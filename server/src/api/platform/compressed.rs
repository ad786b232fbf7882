//! Compression of responses, on routes whose responses never have a secret ([`super::routes::Routes::without_secrets`]).

use std::convert::Infallible;

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    http::{
        HeaderValue,
        header::{ACCEPT_ENCODING, VARY},
    },
    response::Response,
};
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::compression::CompressionLayer;

/// The length in bytes from which a response is compressed. A shorter one hardly gets smaller.
const LEAST_BYTES: u64 = 1_024;

/// Whether the response is long enough. A response of unknown length is a stream.
pub(super) fn is_worth_it(response: &Response) -> bool {
    let length = response.body().size_hint();
    length.upper().is_none_or(|upper| upper >= LEAST_BYTES)
}

/// Compresses a response with the encoding that the request prefers, if it accepts one of ours.
pub(super) async fn compressed(response: Response, accepted: HeaderValue) -> Response {
    let mut request = Request::new(Body::empty());
    request.headers_mut().insert(ACCEPT_ENCODING, accepted);
    let mut response = Some(response);
    let ready = service_fn(move |_: Request| {
        let response = response.take().unwrap_or_default();
        async { Ok::<_, Infallible>(response) }
    });
    let layer = CompressionLayer::new().br(true).gzip(true);
    match layer.layer(ready).oneshot(request).await {
        Ok(response) => with_vary(response.map(Body::new)),
        Err(never) => match never {},
    }
}

/// States that the response depends on the encodings that the request accepts.
pub(super) fn with_vary(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(VARY)
        .or_insert(HeaderValue::from_static("accept-encoding"));
    response
}
