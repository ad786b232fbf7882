//! An error response in text, for a person.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An error as plain text. It stays in the response's extensions, so that the entry service can render a page of it
/// for a browser ([`super::error_page`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlainError {
    /// The status of the response.
    pub(crate) status: StatusCode,
    /// What the person can do about it.
    pub(crate) message: Cow<'static, str>,
    /// Seconds after which a retry makes sense.
    pub(crate) retry_after_seconds: Option<u64>,
}

impl PlainError {
    /// An error that a retry does not solve.
    pub(crate) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            retry_after_seconds: None,
        }
    }
}

impl PlainError {
    /// The response on a path of the API, whose clients read JSON (docs/contract.md#errors).
    pub(crate) fn into_api_response(self) -> Response {
        let body = json!({ "code": self.status.as_u16(), "message": self.message });
        let mut response = (self.status, Json(body)).into_response();
        set_retry_after(&mut response, self.retry_after_seconds);
        response
    }
}

impl IntoResponse for PlainError {
    fn into_response(self) -> Response {
        let text = format!("Countersign: {}\n", self.message);
        let mut response = (self.status, text).into_response();
        set_retry_after(&mut response, self.retry_after_seconds);
        response.extensions_mut().insert(self);
        response
    }
}

/// Sets `Retry-After`, if there is a time.
pub(crate) fn set_retry_after(response: &mut Response, seconds: Option<u64>) {
    if let Some(seconds) = seconds {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
}
