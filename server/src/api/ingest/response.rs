//! Responses of the ingest routes.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::api::platform::error::ApiError;

/// The header that names the exceeded limit. The Go data library reads it (docs/contract.md#throttling).
const THROTTLE_TYPE: HeaderName = HeaderName::from_static("throttle-type");

/// 200 on OTLP routes: an empty protobuf message.
pub(super) struct EmptyMessage;

impl IntoResponse for EmptyMessage {
    fn into_response(self) -> Response {
        let media_type = HeaderValue::from_static("application/x-protobuf");
        ([(CONTENT_TYPE, media_type)], ()).into_response()
    }
}

/// Why data was not accepted.
pub(super) struct IngestError(ApiError);

impl<E: Into<ApiError>> From<E> for IngestError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for IngestError {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let limit = HeaderValue::from_static("datapoints per minute");
            response.headers_mut().insert(THROTTLE_TYPE, limit);
        }
        response
    }
}
