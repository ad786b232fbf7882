//! Who makes a request, as arguments of handlers.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use domain::identity::actor::{Caller, RequestMeta};

use super::error::ApiError;
use crate::middleware::request_meta::IncomingRequest;

/// The header that carries the token.
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-sf-token");

/// The caller, in a handler: `Authenticated(caller): Authenticated`. Public routes have none.
#[derive(Debug, Clone)]
pub(crate) struct Authenticated(pub(crate) Arc<Caller>);

/// The text of `X-SF-TOKEN`, for a route that accepts tokens that are no longer live.
#[derive(Clone)]
pub(crate) struct PresentedSecret(pub(crate) Vec<u8>);

/// The request's [`RequestMeta`], which public routes have too.
#[derive(Debug, Clone)]
pub(crate) struct Meta(pub(crate) RequestMeta);

impl<S: Send + Sync> FromRequestParts<S> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Arc<Caller>>();
        caller.cloned().map(Self).ok_or_else(ApiError::internal)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PresentedSecret {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        presented_secret(&parts.headers).map(|text| Self(text.to_vec()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Meta {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let incoming = parts.extensions.get::<IncomingRequest>();
        let meta = incoming.map(|incoming| Self(incoming.meta_of(parts)));
        meta.ok_or_else(ApiError::internal)
    }
}

/// Returns the text of the token. Absent, empty and repeated headers are all rejected as invalid tokens.
pub(super) fn presented_secret(headers: &HeaderMap) -> Result<&[u8], ApiError> {
    let mut given = headers.get_all(TOKEN_HEADER).iter();
    match (given.next(), given.next()) {
        (Some(secret), None) if !secret.is_empty() => Ok(secret.as_bytes()),
        (None, _) | (Some(_), None) => Err(ApiError::missing_token()),
        (Some(_), Some(_)) => Err(ApiError::invalid_token()),
    }
}
