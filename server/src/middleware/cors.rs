//! Pages of other origins that may call the API (docs/contract.md#other-origins): those that a setting names. Cookies are
//! never read on the API, so no response allows credentials.

use axum::http::{
    HeaderMap, HeaderValue, Method,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
        ALLOW, ORIGIN, VARY,
    },
};

/// The headers that such a page may send.
const SENT: HeaderValue =
    HeaderValue::from_static("X-SF-TOKEN, Authorization, Content-Type, Idempotency-Key");

/// The headers that such a page may read.
const READ: HeaderValue = HeaderValue::from_static(
    "X-Request-Id, Retry-After, Idempotent-Replayed, WWW-Authenticate, X-Token-Expires-At, X-Token-Expires-In",
);

/// Seconds for which a browser may keep the answer to a preflight: a change of the setting shows in ten minutes.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// A request from a page of an origin that may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CrossOrigin {
    origin: HeaderValue,
    /// Whether the browser asks for permission first.
    is_preflight: bool,
}

impl CrossOrigin {
    /// Returns `None` for other requests. `allowed` are origins in lower case.
    pub(super) fn read(method: &Method, headers: &HeaderMap, allowed: &[String]) -> Option<Self> {
        let origin = headers.get(ORIGIN)?;
        let text = origin.to_str().ok()?;
        let is_allowed = allowed
            .iter()
            .any(|allowed| text.eq_ignore_ascii_case(allowed));
        is_allowed.then(|| Self {
            origin: origin.clone(),
            is_preflight: *method == Method::OPTIONS
                && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD),
        })
    }

    /// Lets the page read the response.
    pub(super) fn permit(self, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.origin);
        if !self.is_preflight {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, READ);
            return;
        }
        if let Some(methods) = headers.get(ALLOW).cloned() {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, SENT);
        headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
}

/// States that a response depends on the origin of the page, for caches.
pub(super) fn vary(headers: &mut HeaderMap) {
    headers.append(VARY, HeaderValue::from_static("origin"));
}
