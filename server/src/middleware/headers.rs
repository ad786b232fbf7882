//! The headers of every response (ASVS 3.4).

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

/// The policy of responses that are not pages: nothing may be loaded, framed or run. Pages set their own, with a nonce.
const NOTHING_ALLOWED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

/// Two years, as the preload lists require.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// The same with subdomains, so that no page of a subdomain, which an attacker on the network could forge over plain
/// http, sets cookies for this host.
const TRANSPORT_SECURITY_WITH_SUBDOMAINS: HeaderValue =
    HeaderValue::from_static("max-age=63072000; includeSubDomains");

const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");

/// What the headers of a response depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResponseMeta {
    /// The id of the request.
    pub(crate) request_id: RequestId,
    /// Whether the client uses TLS.
    pub(crate) over_tls: bool,
    /// Whether HSTS includes subdomains.
    pub(crate) hsts_subdomains: bool,
    /// Whether browsers trust the connection: TLS, or this machine.
    pub(crate) trusted: bool,
}

/// Sets the headers of every response. Values that the response has already are kept.
pub(crate) fn set_headers(headers: &mut HeaderMap, meta: ResponseMeta) {
    // One growth of the map instead of several.
    headers.reserve(8);
    let id = HeaderValue::from_maybe_shared(Bytes::from(meta.request_id.to_string()));
    if let Ok(id) = id {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // On connections that browsers do not trust, they ignore this header and log a warning on their console.
    if meta.trusted {
        headers.insert(OPENER_POLICY, SAME_ORIGIN);
    }
    headers.insert(RESOURCE_POLICY, SAME_ORIGIN);
    headers
        .entry(REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(NOTHING_ALLOWED);
    // A response that does not allow caching is about a caller, or is an error about one.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if meta.over_tls {
        let value = if meta.hsts_subdomains {
            TRANSPORT_SECURITY_WITH_SUBDOMAINS
        } else {
            TRANSPORT_SECURITY
        };
        headers.insert(STRICT_TRANSPORT_SECURITY, value);
    }
}
