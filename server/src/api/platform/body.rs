//! JSON bodies as arguments of handlers. Any content type is accepted (docs/contract.md#json).
//!
//! A body is described as a `T` and kept as JSON: no `T` is ever built, because fields that it does not have are
//! ignored or kept, and absent, `null` and empty are distinguished by the operation.

use std::{convert::Infallible, marker::PhantomData, ops::Deref, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use domain::{
    identity::actor::Caller,
    platform::{document::Document, limits},
};
use serde_json::Value;

use super::{
    bytes::{is_blank, not_a_list, parse_list, parse_object},
    compression::collect_decompressed,
    error::ApiError,
};

/// A JSON object, which is required.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JsonBody<T> {
    document: Document,
    shape: PhantomData<T>,
}

/// A JSON list of `T`. `null` or an empty body is an empty list (docs/contract.md#detectors).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JsonListBody<T> {
    items: Vec<Value>,
    shape: PhantomData<T>,
}

/// A JSON list that is required: it replaces everything there is, so an empty body must not mean an empty list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RequiredJsonListBody<T> {
    items: Vec<Value>,
    shape: PhantomData<T>,
}

/// A body that the handler reads after a check of its own.
#[derive(Debug)]
pub(crate) struct DeferredBody<B> {
    request: Request,
    body: PhantomData<B>,
}

impl<T> Deref for JsonBody<T> {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.document
    }
}

impl<T> Deref for JsonListBody<T> {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl<T> Deref for RequiredJsonListBody<T> {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl<B: FromRequest<(), Rejection = ApiError>> DeferredBody<B> {
    /// Reads the body.
    pub(crate) async fn read(self) -> Result<B, ApiError> {
        B::from_request(self.request, &()).await
    }
}

impl<S: Send + Sync, B> FromRequest<S> for DeferredBody<B> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            request,
            body: PhantomData,
        })
    }
}

impl<S: Send + Sync, T> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = collect(request).await?;
        if is_blank(&bytes) {
            return Err(ApiError::bad_request(
                "The body is missing: a JSON object is expected.",
            ));
        }
        Ok(Self {
            document: parse_object(&bytes)?,
            shape: PhantomData,
        })
    }
}

impl<S: Send + Sync, T> FromRequest<S> for JsonListBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = collect(request).await?;
        Ok(Self {
            items: parse_list(&bytes)?.unwrap_or_default(),
            shape: PhantomData,
        })
    }
}

impl<S: Send + Sync, T> FromRequest<S> for RequiredJsonListBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = collect(request).await?;
        Ok(Self {
            items: parse_list(&bytes)?.ok_or_else(not_a_list)?,
            shape: PhantomData,
        })
    }
}

/// Collects the body of a request, which may be compressed: [`limits::BODY_BYTES`] at most, or
/// [`limits::ANONYMOUS_BODY_BYTES`] without a caller.
async fn collect(request: Request) -> Result<Bytes, ApiError> {
    let most = max_bytes(request.extensions().get::<Arc<Caller>>().is_none());
    let (parts, body) = request.into_parts();
    collect_decompressed(&parts.headers, body, most).await
}

/// The maximum length of a body.
pub(super) const fn max_bytes(is_anonymous: bool) -> usize {
    if is_anonymous {
        limits::ANONYMOUS_BODY_BYTES
    } else {
        limits::BODY_BYTES
    }
}

/// Returns a text field that is required.
pub(crate) fn required_text<'a>(document: &'a Document, field: &str) -> Result<&'a str, ApiError> {
    optional_text(document, field)?
        .ok_or_else(|| ApiError::bad_request(format!("The field {field} is missing.")))
}

/// Returns a text field; `null` counts as absent (docs/contract.md#json).
pub(crate) fn optional_text<'a>(
    document: &'a Document,
    field: &str,
) -> Result<Option<&'a str>, ApiError> {
    match document.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Err(
            ApiError::bad_request(format!("The field {field} is not a text.")),
        ),
    }
}
