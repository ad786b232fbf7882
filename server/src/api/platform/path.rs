//! Variables of the path as arguments of handlers, percent-decoded once (docs/contract.md#routing).

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use domain::{
    objects::shared::directory::DirectoryPath,
    platform::id::{Id, InvalidId},
};
use percent_encoding::percent_decode_str;

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

/// The two names in a path, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathNames(pub(crate) String, pub(crate) String);

/// A type and an id, as in `/v2/audit/info/{type}/{id}`. The handler checks the type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeAndId(pub(crate) String, pub(crate) Id);

/// The path of the directory at the end of a path, in which a plus sign is a space (docs/contract.md#directory).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathInDirectory(pub(crate) DirectoryPath);

impl<S: Send + Sync> FromRequestParts<S> for PathInDirectory {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let path = parts.uri.path();
        // After `/v2/directory/`. Segments are decoded one by one, so that `%2F` does not separate.
        let segments = path.split('/').skip(3).map(|segment| {
            let segment = segment.replace('+', " ");
            match percent_decode_str(&segment).decode_utf8() {
                Ok(segment) if !segment.contains('/') => Ok(segment.into_owned()),
                Ok(_) | Err(_) => Err(ApiError::bad_request("path: a segment cannot be read")),
            }
        });
        let segments: Vec<String> = segments.collect::<Result<_, _>>()?;
        Ok(Self(DirectoryPath::parse(&segments.join("/"))?))
    }
}

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
        Ok(Self(name(text)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathNames {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let (first, second): (String, String) = variables(parts).await?;
        Ok(Self(name(first)?, name(second)?))
    }
}

/// Checks a name. PostgreSQL cannot store U+0000 in a text, so no name contains it.
fn name(text: String) -> Result<String, ApiError> {
    if text.contains('\0') {
        return Err(ApiError::bad_request(
            "The path holds the character U+0000.",
        ));
    }
    Ok(text)
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
