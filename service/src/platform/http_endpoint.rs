//! A configured server that requests are posted to: one URL, and one secret in a header.

use std::time::Duration;

use http::uri::{Authority, Uri};
use reqwest::{
    Method, Request, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::platform::{http_client::HttpClient, http_resolver::Addresses};

/// Timeout of one request.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of an endpoint are invalid. The message is for the operator and contains no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct InvalidEndpoint(pub(crate) &'static str);

/// A server that requests are posted to.
pub(crate) struct HttpEndpoint {
    url: Url,
    secret: Option<(HeaderName, HeaderValue)>,
    client: HttpClient,
}

impl HttpEndpoint {
    /// Parses a URL, and a secret with its header. Does not connect.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] when the URL is invalid or the secret is not a valid header value.
    pub(crate) fn new(
        url: &str,
        secret: Option<(HeaderName, Zeroizing<String>)>,
    ) -> Result<Self, InvalidEndpoint> {
        let secret = secret.map(|(name, secret)| {
            let mut value = HeaderValue::from_str(&secret).map_err(|_| {
                InvalidEndpoint("its token has characters that are invalid in a header")
            })?;
            value.set_sensitive(true);
            Ok((name, value))
        });
        Ok(Self {
            url: parse(url)?,
            secret: secret.transpose()?,
            client: HttpClient::new(Addresses::Any),
        })
    }

    /// Posts a payload to a path below the URL. Returns the status of the response.
    ///
    /// # Errors
    /// The reason why there is no response.
    pub(crate) async fn post(
        &self,
        path: &str,
        media_type: &'static str,
        payload: Vec<u8>,
    ) -> Result<StatusCode, String> {
        let request = self.request(path, media_type, payload);
        let sent = self.client.send(request, RESPONSE_TIMEOUT).await;
        sent.map_err(|reason| format!("it cannot be reached: {reason}"))
    }

    fn request(&self, path: &str, media_type: &'static str, payload: Vec<u8>) -> Request {
        let mut url = self.url.clone();
        let base = self.url.path().trim_end_matches('/');
        url.set_path(&format!("{base}{path}"));
        let mut request = Request::new(Method::POST, url);
        *request.body_mut() = Some(payload.into());
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        if let Some((name, secret)) = &self.secret {
            headers.insert(name.clone(), secret.clone());
        }
        request
    }
}

pub(crate) fn parse(text: &str) -> Result<Url, InvalidEndpoint> {
    let rejected = InvalidEndpoint(
        "it is not an address like https://ingest.example, with neither a user nor a query",
    );
    // `Url` repairs what is mistyped, such as `https:/host`. `Uri` rejects it.
    let uri: Uri = text.parse().map_err(|_| rejected.clone())?;
    let has_user = |authority: &Authority| authority.as_str().contains('@');
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    if !is_http || uri.authority().is_none_or(has_user) || uri.query().is_some() {
        return Err(rejected);
    }
    let mut url = Url::parse(text).map_err(|_| rejected)?;
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str, token: Option<&str>) -> Result<HttpEndpoint, InvalidEndpoint> {
        let name = HeaderName::from_static("x-sf-token");
        HttpEndpoint::new(
            url,
            token.map(|token| (name, Zeroizing::new(token.to_owned()))),
        )
    }

    #[test]
    fn an_address_is_read_once_and_no_token_is_shown() {
        let found = endpoint("https://ingest.example/base/", Some("hunter2")).unwrap();
        let request = found.request("/v2/event", "application/json", Vec::new());
        assert_eq!(
            request.url().as_str(),
            "https://ingest.example/base/v2/event"
        );
        assert!(!format!("{request:?}").contains("hunter2"));
        let found = endpoint("http://[::1]:9943", None).unwrap();
        let request = found.request("", "text/plain", Vec::new());
        assert_eq!(request.url().as_str(), "http://[::1]:9943/");
        for bad in [
            "ftp://a",
            "a",
            "http:a",
            "http:/a",
            "http:///a",
            " http://a",
            "http://u:p@a",
            "http://@a",
            "http://a?b",
            "https://",
        ] {
            assert!(endpoint(bad, None).is_err(), "{bad}");
        }
        assert!(endpoint("http://a", Some("a\nb")).is_err());
    }
}
