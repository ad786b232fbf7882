//! Headers that warn of the end of the caller's token (docs/contract.md#authentication).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use domain::platform::{limits, timestamp::Timestamp};

/// When the token expires, as RFC 3339 in UTC.
const EXPIRES_AT: HeaderName = HeaderName::from_static("x-token-expires-at");

/// In how many seconds the token expires.
const EXPIRES_IN: HeaderName = HeaderName::from_static("x-token-expires-in");

/// Whether responses to the token have the headers.
pub(super) const fn is_near(expires_at: Timestamp, now: Timestamp) -> bool {
    expires_at.millis_since(now) < limits::TOKEN_WARNING_DAYS * 86_400_000
}

/// Sets the headers.
pub(super) fn set_expiry(headers: &mut HeaderMap, expires_at: Timestamp, now: Timestamp) {
    if let Ok(at) = HeaderValue::try_from(expires_at.to_rfc3339()) {
        headers.insert(EXPIRES_AT, at);
    }
    let seconds = expires_at.millis_since(now).max(0) / 1_000;
    headers.insert(EXPIRES_IN, HeaderValue::from(seconds));
}
