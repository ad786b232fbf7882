//! The response to a method that a path does not have (docs/contract.md#routing). The router adds `Allow` to it.

use axum::{
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};

use super::error::ApiError;
use crate::middleware::{entry::is_api, error_page::accepts_html};

/// 204 for `OPTIONS`, which asks for `Allow` only; 405 for any other method.
pub(crate) async fn other_method(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let error = |message| ApiError::new(StatusCode::METHOD_NOT_ALLOWED, message);
    if !is_api(uri.path()) && accepts_html(&headers) {
        error("This page can only be read; nothing can be sent to it.").into_plain()
    } else {
        error("This path does not answer that method.").into_response()
    }
}
