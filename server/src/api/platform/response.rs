//! What handlers answer with when it is not plain JSON of a type of theirs. The status of a success stands in the
//! handler's signature, exactly as docs/contract.md#statuses has it: `Json<…>` is 200, [`axum::response::NoContent`]
//! 204, [`Done`] 200 with nothing in it, [`Created`] 201 with nothing in it.

use std::marker::PhantomData;

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use domain::platform::document::Document;
use serde::Serialize;

use crate::api::platform::error::ApiError;

/// Bytes that nearly every body has room in that is written here.
const USUAL_BYTES: usize = 512;

/// The media type of JSON.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// 200 with nothing in it: for some calls the Go client takes no other status (docs/contract.md#statuses).
#[derive(Debug, Clone, Copy)]
pub struct Done;

/// 201 with nothing in it.
#[derive(Debug, Clone, Copy)]
pub struct Created;

/// A document that is shown as it is kept, and has the shape `T`. There is no `T` ever: what clients gave is echoed, so
/// that no type could hold it.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Shown<T> {
    document: Document,
    #[serde(skip)]
    shape: PhantomData<T>,
}

impl<T> From<Document> for Shown<T> {
    fn from(document: Document) -> Self {
        Self {
            document,
            shape: PhantomData,
        }
    }
}

/// JSON of the shape `T` that is written already, since it borrows what does not outlive the handler.
#[derive(Debug)]
pub struct Written<T> {
    response: Response,
    shape: PhantomData<fn() -> T>,
}

impl<T> Written<T> {
    /// Writes it.
    pub fn new(body: impl Serialize) -> Self {
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

impl<T> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        self.response
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::OK.into_response()
    }
}

impl IntoResponse for Created {
    fn into_response(self) -> Response {
        StatusCode::CREATED.into_response()
    }
}
