//! A server whose API is read with a token: one URL, and one token that is sent to no other host.

use std::{net::IpAddr, time::Duration};

use reqwest::{
    Method, Request, StatusCode, Url,
    header::{ACCEPT, HeaderName, HeaderValue, RETRY_AFTER},
};
use zeroize::Zeroizing;

use crate::platform::{
    http_client::HttpClient,
    http_endpoint::{InvalidEndpoint, parse},
    http_resolver::Addresses,
};

/// Timeout of one request: the hosted service takes many seconds for a page of large dashboards.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(120);

/// Bytes of one response: a page of the largest dashboards.
const RESPONSE_BYTES: usize = 128 << 20;

/// The header of the token (docs/contract.md#authentication).
const TOKEN: HeaderName = HeaderName::from_static("x-sf-token");

/// A server that is read from.
pub struct HttpSource {
    url: Url,
    token: HeaderValue,
    client: HttpClient,
}

/// A response of the server.
#[derive(Debug)]
pub struct SourceResponse {
    /// The status.
    pub status: u16,
    /// Seconds after which a request may succeed, if the server says so.
    pub retry_after_seconds: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for HttpSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "HttpSource({})", self.url())
    }
}

impl HttpSource {
    /// Parses a URL and a token. Does not connect.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] when the URL is invalid, the token is not a valid header value, or the token would cross a
    /// network without TLS.
    pub fn new(url: &str, token: &Zeroizing<String>) -> Result<Self, InvalidEndpoint> {
        let mut url = parse(url)?;
        if url.scheme() != "https" && !is_this_machine(&url) {
            return Err(InvalidEndpoint(
                "it does not begin with https://, so that the token could be read on the way",
            ));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let mut token = HeaderValue::from_str(token).map_err(|_| {
            InvalidEndpoint("its token has characters that are invalid in a header")
        })?;
        token.set_sensitive(true);
        Ok(Self {
            url,
            token,
            client: HttpClient::new(Addresses::Any),
        })
    }

    /// The URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Reads a path below the URL. A redirect is a response, and is not followed.
    ///
    /// # Errors
    /// The reason why there is no response.
    pub async fn get(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<SourceResponse, String> {
        let request = self.request(path, query);
        let read = self.client.read(request, RESPONSE_TIMEOUT, RESPONSE_BYTES);
        let (status, headers, body) = read.await.map_err(|reason| reason.to_string())?;
        let retry_after = headers.get(RETRY_AFTER).and_then(|text| text.to_str().ok());
        Ok(SourceResponse {
            status: StatusCode::as_u16(&status),
            retry_after_seconds: retry_after.and_then(|text| text.trim().parse().ok()),
            body,
        })
    }

    fn request(&self, path: &str, query: &[(&str, String)]) -> Request {
        let mut url = self.url.clone();
        let base = self.url.path().trim_end_matches('/');
        url.set_path(&format!("{base}{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(Method::GET, url);
        let headers = request.headers_mut();
        headers.insert(TOKEN, self.token.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        request
    }
}

/// Whether the host is this machine, which needs no TLS.
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::test_hosts::host;

    fn source(url: &str) -> Result<HttpSource, InvalidEndpoint> {
        HttpSource::new(url, &Zeroizing::new("hunter2".to_owned()))
    }

    #[test]
    fn a_token_crosses_no_network_without_tls_and_is_not_printed() {
        for bad in [
            "http://api.example",
            "http://10.0.0.1",
            "ftp://a",
            "https://a?b",
        ] {
            assert!(source(bad).is_err(), "{bad}");
        }
        for local in [
            "http://127.0.0.1:3000",
            "http://localhost",
            "http://[::1]:1",
        ] {
            assert!(source(local).is_ok(), "{local}");
        }
        let found = source("https://api.example/base/").unwrap();
        assert_eq!(found.url(), "https://api.example/base");
        let request = found.request("/v2/team", &[("name", "a b".to_owned())]);
        assert_eq!(
            request.url().as_str(),
            "https://api.example/base/v2/team?name=a+b"
        );
        assert!(!format!("{found:?}{request:?}").contains("hunter2"));
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let (elsewhere, asked) = host("HTTP/1.1 200 OK\r\n\r\n").await;
        let answer = format!(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{elsewhere}/\r\n\
            Retry-After: 7\r\nContent-Length: 2\r\n\r\nno"
        );
        let (port, request) = host(answer.leak()).await;
        let found = source(&format!("http://127.0.0.1:{port}")).unwrap();
        let response = found.get("/v2/team", &[]).await.unwrap();
        assert_eq!(
            (response.status, response.retry_after_seconds),
            (302, Some(7))
        );
        assert_eq!(response.body, b"no");
        assert!(
            request
                .await
                .unwrap()
                .to_lowercase()
                .contains("x-sf-token: hunter2")
        );
        assert!(!asked.is_finished());
        asked.abort();
    }
}
