//! Query parameters as an argument of handlers.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use domain::platform::page::OffsetPage;

use super::error::ApiError;

/// The query parameters, described as a `P` and kept as text: no `P` is ever built. Unknown names are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Parameters<P> {
    given: Vec<(String, String)>,
    shape: PhantomData<P>,
}

impl<P> Parameters<P> {
    /// Returns all parameters, in the order of the query.
    pub(crate) fn given(&self) -> &[(String, String)] {
        &self.given
    }

    /// Returns the first value with this name that is not empty.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let given = self
            .given
            .iter()
            .find(|(key, value)| key == name && !value.is_empty());
        given.map(|(_, value)| value.as_str())
    }

    /// Whether the value with this name is `true`.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.find(name) == Some("true")
    }

    /// Returns all values with this name that are not empty.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.given.iter().filter(move |(key, _)| key == name);
        given
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Returns the field to sort by; `orderBy` and `order_by` mean the same (docs/contract.md#lists).
    pub(crate) fn order_by(&self) -> &str {
        let given = self.find("orderBy").or(self.find("order_by"));
        given.unwrap_or_default()
    }

    /// Returns the page that `limit` and `offset` ask for (docs/contract.md#lists).
    pub(crate) fn page(&self, default_limit: i64) -> OffsetPage {
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
    async fn empty_values_are_ignored_and_repeated_ones_are_kept() {
        let given = parameters("/?name=&tags=a&tags=b%20c&limit=x")
            .await
            .unwrap();
        assert_eq!(given.find("name"), None);
        assert_eq!(given.all("tags").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(given.page(50).limit, 50);
    }

    #[tokio::test]
    async fn only_the_character_nul_is_rejected() {
        assert!(parameters("/?a=%ff&b&=&%").await.is_ok());
        assert!(parameters("/?a=%00").await.is_err());
    }
}
