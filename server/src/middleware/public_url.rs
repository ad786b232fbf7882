//! The origin that links to our pages begin with.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header::HOST, request::Parts, uri::Authority},
};

use super::request_meta::IncomingRequest;

/// The host when neither the settings nor the request name one: a client that sends no `Host` runs on this machine.
const LOCAL_HOST: &str = "localhost";

/// Scheme, host and port, without a slash at the end: from the settings, or else from the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicUrl(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PublicUrl {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let incoming = parts.extensions.get::<IncomingRequest>();
        let configured = incoming.and_then(|incoming| incoming.settings.public_url.clone());
        if let Some(url) = configured {
            return Ok(Self(url.trim_end_matches('/').to_owned()));
        }
        let over_tls = incoming.is_some_and(|incoming| incoming.over_tls);
        let scheme = if over_tls { "https" } else { "http" };
        let given = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = given
            .or(parts.uri.authority().map(Authority::as_str))
            .and_then(|host| host.parse::<Authority>().ok())
            .filter(|host| !host.as_str().contains('@'));
        let host = host.as_ref().map_or(LOCAL_HOST, Authority::as_str);
        Ok(Self(format!("{scheme}://{host}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn check(host: Option<&str>, expected: &str) {
        let mut request = axum::http::Request::builder().uri("/v2/organization");
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let PublicUrl(url) = match PublicUrl::from_request_parts(&mut parts, &()).await {
            Ok(url) => url,
            Err(never) => match never {},
        };
        assert_eq!(url, expected, "{host:?}");
    }

    #[tokio::test]
    async fn without_a_setting_it_is_the_address_of_the_request() {
        check(Some("lan:3000"), "http://lan:3000").await;
        check(Some("[::1]:3000"), "http://[::1]:3000").await;
        check(None, "http://localhost").await;
        check(Some("u@evil.example"), "http://localhost").await;
        check(Some("a b"), "http://localhost").await;
        check(Some("a/b"), "http://localhost").await;
    }
}
