//! What stands on every reply (ASVS 3.4).

use axum::{
    body::Bytes,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
};
use domain::platform::id::RequestId;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The policy of replies that are no page: nothing may be loaded, framed or run. Pages bring their own, with a nonce.
const NOTHING_ALLOWED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

/// Two years, as the preload lists ask; subdomains belong to whoever runs them.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000");

const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");

/// What of a reply decides about its headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reply {
    /// The id of the request it answers.
    pub(crate) request_id: RequestId,
    /// Whether it is said over TLS.
    pub(crate) over_tls: bool,
    /// Whether browsers trust the connection: TLS, or this very machine.
    pub(crate) trusted: bool,
}

/// Puts on what every reply carries, and leaves what the reply says for itself.
pub(crate) fn stamp(headers: &mut HeaderMap, reply: Reply) {
    // One growth of the map instead of several.
    headers.reserve(8);
    let id = HeaderValue::from_maybe_shared(Bytes::from(reply.request_id.to_string()));
    if let Ok(id) = id {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Where browsers do not trust the connection they ignore this one, and complain on their console.
    if reply.trusted {
        headers.insert(OPENER_POLICY, SAME_ORIGIN);
    }
    headers.insert(RESOURCE_POLICY, SAME_ORIGIN);
    headers
        .entry(REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(NOTHING_ALLOWED);
    // Whatever does not say that it may be kept is about a caller, or is an error about one.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if reply.over_tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
}
