//! Results of handlers that are not JSON of a type of their own. The status of a success is in the handler's
//! signature, exactly as docs/contract.md#statuses requires: `Json<…>` is 200, [`axum::response::NoContent`] is 204,
//! [`EmptyOk`] and [`EmptyCreated`] are 200 and 201 with an empty body, [`CreatedBody`] is 201 with JSON, [`NewOrChanged`] one of the two.

use std::marker::PhantomData;

use axum::{
    BoxError, Json,
    body::Body,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use domain::platform::document::Document;
use futures::Stream;
use serde::Serialize;

use super::error::ApiError;

/// The capacity that nearly every serialized body fits in.
const USUAL_BYTES: usize = 512;

/// The media type of JSON.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The media type of lines of JSON.
pub(crate) const LINES: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// 200 with an empty body: for some calls the Go client accepts no other status.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EmptyOk;

/// 201 with an empty body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EmptyCreated;

/// 201 with JSON.
#[derive(Debug)]
pub(crate) struct CreatedBody<T>(pub(crate) T);

/// 201 with JSON when the call created something, otherwise 200.
#[derive(Debug)]
pub(crate) enum NewOrChanged<T> {
    New(T),
    Changed(T),
}

/// A document of the shape `T`. No `T` is ever built: documents are echoed as clients sent them, which no type can
/// hold.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct DocumentBody<T> {
    document: Document,
    #[serde(skip)]
    shape: PhantomData<T>,
}

impl<T> DocumentBody<T> {
    /// The JSON itself, to add fields to it.
    pub(crate) fn into_document(self) -> Document {
        self.document
    }
}

impl<T> From<Document> for DocumentBody<T> {
    fn from(document: Document) -> Self {
        Self {
            document,
            shape: PhantomData,
        }
    }
}

/// JSON of the shape `T` that the handler serializes itself, because it borrows from values that end with the handler.
#[derive(Debug)]
pub(crate) struct SerializedBody<T> {
    response: Response,
    shape: PhantomData<fn() -> T>,
}

impl<T> SerializedBody<T> {
    /// Serializes a body.
    pub(crate) fn new(body: impl Serialize) -> Self {
        let mut text = Vec::with_capacity(USUAL_BYTES);
        let response = match serde_json::to_writer(&mut text, &body) {
            Ok(()) => ([(CONTENT_TYPE, JSON)], text).into_response(),
            Err(_) => ApiError::internal().into_response(),
        };
        Self {
            response,
            shape: PhantomData,
        }
    }
}

impl<T> IntoResponse for SerializedBody<T> {
    fn into_response(self) -> Response {
        self.response
    }
}

/// Lines of JSON of the shape `T`, which are sent while they are made.
pub(crate) struct LinesBody<T> {
    lines: Body,
    shape: PhantomData<fn() -> T>,
}

impl<T> LinesBody<T> {
    /// A body of these chunks, each of whole lines. An error ends the connection, so that the client sees that lines
    /// are missing.
    pub(crate) fn new<E>(chunks: impl Stream<Item = Result<Vec<u8>, E>> + Send + 'static) -> Self
    where
        E: Into<BoxError> + 'static,
    {
        Self {
            lines: Body::from_stream(chunks),
            shape: PhantomData,
        }
    }
}

impl<T> IntoResponse for LinesBody<T> {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, LINES)], self.lines).into_response()
    }
}

impl IntoResponse for EmptyOk {
    fn into_response(self) -> Response {
        StatusCode::OK.into_response()
    }
}

impl<T: Serialize> IntoResponse for CreatedBody<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

impl<T: Serialize> IntoResponse for NewOrChanged<T> {
    fn into_response(self) -> Response {
        match self {
            Self::New(body) => CreatedBody(body).into_response(),
            Self::Changed(body) => Json(body).into_response(),
        }
    }
}

impl IntoResponse for EmptyCreated {
    fn into_response(self) -> Response {
        StatusCode::CREATED.into_response()
    }
}
