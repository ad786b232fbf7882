//! Variables of the path as arguments of handlers, percent-decoded once (docs/contract.md#routing).

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use domain::platform::id::{Id, InvalidId};

use super::error::ApiError;

/// The id in a path. A malformed one is rejected (docs/contract.md#identifiers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectId(pub(crate) Id);

/// The two ids in a path, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectIds(pub(crate) Id, pub(crate) Id);

/// The name in a path: any text, slashes included (`%2F` stays in its segment).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathName(pub(crate) String);

/// A type and an id, as in `/v2/audit/info/{type}/{id}`. The handler checks the type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeAndId(pub(crate) String, pub(crate) Id);

impl<S: Send + Sync> FromRequestParts<S> for ObjectId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text: String = variables(parts).await?;
        Ok(Self(Id::parse(&text)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ObjectIds {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let (first, second): (String, String) = variables(parts).await?;
        Ok(Self(Id::parse(&first)?, Id::parse(&second)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TypeAndId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let (kind, id): (String, String) = variables(parts).await?;
        Ok(Self(kind, Id::parse(&id)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathName {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text: String = variables(parts).await?;
        // PostgreSQL cannot store U+0000 in a text, so no name contains it.
        if text.contains('\0') {
            return Err(ApiError::bad_request(
                "The path holds the character U+0000.",
            ));
        }
        Ok(Self(text))
    }
}

/// Returns the path's variables. The only possible error is one that is not UTF-8, which no id or name is.
async fn variables<T>(parts: &mut Parts) -> Result<T, ApiError>
where
    T: serde::de::DeserializeOwned + Send + 'static,
{
    match parts.extract::<Path<T>>().await {
        Ok(Path(variables)) => Ok(variables),
        Err(_) => Err(InvalidId("that is not UTF-8".to_owned()).into()),
    }
}
