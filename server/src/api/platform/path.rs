//! What stands in a path or behind its question mark, decoded once (docs/contract.md#routing,
//! docs/contract.md#identifiers and docs/contract.md#lists).

use std::marker::PhantomData;

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use domain::platform::{
    id::{Id, InvalidId},
    page::OffsetPage,
};

use crate::api::platform::error::ApiError;

/// The one object a path names. A malformed id is refused (docs/contract.md#identifiers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectId(pub Id);

/// The two objects a path names, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectIds(pub Id, pub Id);

/// The one name in a path: any text, slashes included (`%2F` belongs to the segment).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment(pub String);

/// A word and an id, as in `/v2/audit/info/{type}/{id}`. The word is judged by the handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordAndId(pub String, pub Id);

impl<S: Send + Sync> FromRequestParts<S> for ObjectId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text: String = segments(parts).await?;
        Ok(Self(Id::parse(&text)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ObjectIds {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let (first, second): (String, String) = segments(parts).await?;
        Ok(Self(Id::parse(&first)?, Id::parse(&second)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for WordAndId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let (word, id): (String, String) = segments(parts).await?;
        Ok(Self(word, Id::parse(&id)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text: String = segments(parts).await?;
        // PostgreSQL's texts cannot hold it, so nothing is called that.
        if text.contains('\0') {
            return Err(ApiError::bad_request(
                "The path holds the character U+0000.",
            ));
        }
        Ok(Self(text))
    }
}

/// The path's variable segments. Only one that is not UTF-8 can go wrong, and no id or name is that.
async fn segments<T>(parts: &mut Parts) -> Result<T, ApiError>
where
    T: serde::de::DeserializeOwned + Send + 'static,
{
    match parts.extract::<Path<T>>().await {
        Ok(Path(segments)) => Ok(segments),
        Err(_) => Err(InvalidId("that is not UTF-8".to_owned()).into()),
    }
}

/// What stands behind the question mark. Unknown names are ignored, and nothing here is ever an error by itself. It is
/// described as a `P` and read as what it is: there is no `P` ever.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters<P> {
    given: Vec<(String, String)>,
    shape: PhantomData<P>,
}

impl<P> Parameters<P> {
    /// All that was given, in its order.
    #[must_use]
    pub fn given(&self) -> &[(String, String)] {
        &self.given
    }

    /// The first value given under this name, unless it is empty.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        let given = self
            .given
            .iter()
            .find(|(key, value)| key == name && !value.is_empty());
        given.map(|(_, value)| value.as_str())
    }

    /// All values given under this name that are not empty.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.given.iter().filter(move |(key, _)| key == name);
        given
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The page asked for by `limit` and `offset` (docs/contract.md#lists).
    #[must_use]
    pub fn page(&self, default_limit: i64) -> OffsetPage {
        OffsetPage::parse(self.find("limit"), self.find("offset"), default_limit)
    }
}

impl<S: Send + Sync, P> FromRequestParts<S> for Parameters<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let pairs = match Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) {
            Ok(Query(pairs)) => pairs,
            Err(_) => return Err(ApiError::bad_request("The query cannot be read.")),
        };
        if pairs.iter().any(|(_, value)| value.contains('\0')) {
            return Err(ApiError::bad_request(
                "The query holds the character U+0000.",
            ));
        }
        Ok(Self {
            given: pairs,
            shape: PhantomData,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parameters(uri: &str) -> Result<Parameters<()>, ApiError> {
        let request = axum::http::Request::builder().uri(uri).body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        Parameters::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn empty_values_are_not_given_and_repeated_ones_are_kept() {
        let given = parameters("/?name=&tags=a&tags=b%20c&limit=x")
            .await
            .unwrap();
        assert_eq!(given.find("name"), None);
        assert_eq!(given.all("tags").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(given.page(50).limit, 50);
    }

    #[tokio::test]
    async fn a_strange_query_is_no_outage() {
        assert!(parameters("/?a=%ff&b&=&%").await.is_ok());
        assert!(parameters("/?a=%00").await.is_err());
    }
}
