//! What the entry service finds out about a request: its id, its time, and the client. The call log and audit events
//! keep the [`RequestMeta`] that is made of it.

use std::{borrow::Cow, sync::Arc, time::Instant};

use axum::http::{HeaderMap, Uri, header::USER_AGENT, request::Parts};
use domain::{
    identity::actor::RequestMeta,
    platform::{id::RequestId, limits, timestamp::Timestamp},
};

use super::settings::EntrySettings;

/// A request as the entry service received it. In the extensions of every request.
#[derive(Debug, Clone)]
pub struct IncomingRequest {
    /// The request's id.
    pub id: RequestId,
    /// When it was received.
    pub at: Timestamp,
    /// The same, for measuring how long it takes.
    pub started: Instant,
    /// The client's network address, as text; empty without a network connection, as in tests.
    pub address: Arc<str>,
    /// The `User-Agent`, of bounded length; empty if absent.
    pub client: Arc<str>,
    /// Whether the client used TLS: by the public URL, or by a trusted proxy.
    pub over_tls: bool,
    /// Whether a trusted proxy states that the client used TLS.
    pub forwarded_over_tls: bool,
    /// The settings of the entry service.
    pub settings: Arc<EntrySettings>,
}

impl IncomingRequest {
    /// Returns what is kept of the request: of bounded length, without the query, and never a secret.
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

    /// Returns the same, with the method of the request itself.
    #[must_use]
    pub(crate) fn meta_of(&self, parts: &Parts) -> RequestMeta {
        let method = parts.method.as_str().to_owned();
        self.meta(method.into(), &parts.uri)
    }
}

/// Returns the `User-Agent`, of bounded length; empty if absent.
pub(crate) fn client(headers: &HeaderMap) -> &str {
    let named = headers.get(USER_AGENT).and_then(|name| name.to_str().ok());
    bounded(named.unwrap_or_default(), limits::CLIENT_CHARACTERS)
}

fn bounded(text: &str, characters: usize) -> &str {
    // Most texts are short: a text has at most as many characters as bytes.
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
