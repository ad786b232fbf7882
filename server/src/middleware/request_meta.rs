//! What the entry service finds out about a request: its id, its time, and the client. Handlers and audit events get the
//! [`RequestMeta`] that is made of it.

use std::{borrow::Cow, net::IpAddr, sync::Arc, time::Instant};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, header::USER_AGENT, request::Parts},
};
use domain::{
    identity::actor::RequestMeta,
    platform::{id::RequestId, limits, timestamp::Timestamp},
};

use super::{entry::DoorSettings, network::Network};
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

/// The address at the other end: of the socket, or the nearest one that is not a trusted proxy's.
///
/// `X-Forwarded-For` is read from its end, since only what trusted proxies added can be believed.
#[must_use]
pub(crate) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    let mut nearest = peer.to_canonical();
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !is_trusted(&nearest) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => nearest = address.to_canonical(),
            Err(_) => break,
        }
    }
    nearest
}

/// Whether a proxy we trust says that the client spoke TLS to it.
#[must_use]
pub(crate) fn is_forwarded_over_tls(
    peer: IpAddr,
    headers: &HeaderMap,
    trusted: &[Network],
) -> bool {
    trusted.iter().any(|network| network.contains(peer))
        && headers
            .get("x-forwarded-proto")
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"https"))
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
    use axum::http::HeaderValue;

    use super::*;

    fn check(peer: &str, forwarded: &[&'static str], expected: &str) {
        let trusted: Vec<Network> = vec!["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let address = client_address(peer.parse().unwrap(), &headers, &trusted);
        assert_eq!(address.to_string(), expected, "{peer} {forwarded:?}");
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        check("203.0.113.7", &[], "203.0.113.7");
        check("203.0.113.7", &["198.51.100.9"], "203.0.113.7");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["198.51.100.9"], "198.51.100.9");
        check(
            "10.0.0.1",
            &["1.1.1.1, 198.51.100.9, 10.0.0.2"],
            "198.51.100.9",
        );
        check("10.0.0.1", &["1.1.1.1", "198.51.100.9"], "198.51.100.9");
        check("10.0.0.1", &["not an address"], "10.0.0.1");
        check("::ffff:10.0.0.1", &["::ffff:198.51.100.9"], "198.51.100.9");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(bounded("äöü", 2), "äö");
        assert_eq!(bounded("äö", 2), "äö");
    }
}
