//! What the entry service finds out about a request: its id, its time, and the client. Handlers and audit events get the
//! [`RequestMeta`] that is made of it.

use std::{borrow::Cow, sync::Arc, time::Instant};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, header::USER_AGENT, request::Parts},
};
use domain::{
    identity::actor::RequestMeta,
    platform::{id::RequestId, limits, timestamp::Timestamp},
};

use super::entry::DoorSettings;
use crate::api::platform::error::ApiError;

/// How a request arrived.
#[derive(Debug, Clone)]
pub struct IncomingRequest {
    /// The request's id.
    pub id: RequestId,
    /// When it came in.
    pub at: Timestamp,
    /// The same, for measuring how long it takes.
    pub started: Instant,
    /// The client's network address, as text; empty when there is no network (a test in process).
    pub address: Arc<str>,
    /// The program that asks, as it names itself; empty when it does not. Bounded.
    pub client: Arc<str>,
    /// Whether it came over TLS, as far as can be told: a trusted proxy said so.
    pub over_tls: bool,
    /// What is known of the installation.
    pub settings: Arc<DoorSettings>,
}

/// The argument of handlers that takes the [`RequestMeta`].
#[derive(Debug, Clone)]
pub struct Meta(pub RequestMeta);

impl<S: Send + Sync> FromRequestParts<S> for Meta {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let incoming = parts
            .extensions
            .get::<IncomingRequest>()
            .ok_or_else(ApiError::internal)?;
        Ok(Self(incoming.meta_of(parts)))
    }
}

impl IncomingRequest {
    /// What audit events keep of the request. Bounded, without the query, and never a secret.
    #[must_use]
    pub fn meta(&self, method: Cow<'static, str>, uri: &Uri) -> RequestMeta {
        RequestMeta {
            id: self.id,
            method,
            path: bounded(uri.path(), limits::PATH_CHARACTERS).to_owned(),
            address: Arc::clone(&self.address),
            client: Arc::clone(&self.client),
        }
    }

    /// The same, with the method of the request itself.
    #[must_use]
    pub(crate) fn meta_of(&self, parts: &Parts) -> RequestMeta {
        let method = parts.method.as_str().to_owned();
        self.meta(method.into(), &parts.uri)
    }
}

/// The program that asks, as it names itself, of bounded length; empty when it does not.
pub(crate) fn client(headers: &HeaderMap) -> &str {
    let named = headers.get(USER_AGENT).and_then(|name| name.to_str().ok());
    bounded(named.unwrap_or_default(), limits::CLIENT_CHARACTERS)
}

fn bounded(text: &str, characters: usize) -> &str {
    // A text of no more bytes than that has no more characters either; nearly every one is.
    if text.len() <= characters {
        return text;
    }
    let end = text.char_indices().nth(characters);
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(bounded("äöü", 2), "äö");
        assert_eq!(bounded("äö", 2), "äö");
    }
}
