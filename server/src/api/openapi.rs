//! The OpenAPI document of all routes: as a value, as text, and at `/openapi.json`.

use std::sync::OnceLock;

use axum::{
    body::Bytes,
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{
    platform::{openapi::document::render, response::JSON},
    routes::routes,
};

/// Renders the document.
#[must_use]
pub fn document() -> Value {
    render(&routes())
}

/// Returns the document, which is rendered at the first call.
#[must_use]
pub fn shared() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(document)
}

/// Returns the document with indentation, as the repository keeps it.
#[must_use]
pub fn text() -> String {
    format!("{:#}", shared())
}

/// `GET /openapi.json`.
pub(crate) async fn serve() -> Response {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = TEXT.get_or_init(|| shared().to_string().into());
    let headers = [
        (CONTENT_TYPE, JSON),
        (CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
    ];
    (headers, text.clone()).into_response()
}
