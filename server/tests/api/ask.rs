//! A request builder for tests, and the response it returns.

use std::io::Write as _;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode},
};
use domain::platform::id::Id;
use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::App;

/// A body compressed by gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

impl App {
    /// Starts a request with this method.
    pub(crate) fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask {
            app: self,
            method,
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: Body::empty(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Ask<'_> {
        self.ask(Method::POST, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Ask<'_> {
        self.ask(Method::DELETE, path)
    }
}

/// A request under construction.
#[must_use]
pub(crate) struct Ask<'a> {
    app: &'a App,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
}

impl Ask<'_> {
    /// Adds this token.
    pub(crate) fn token(self, token: &str) -> Self {
        self.header("x-sf-token", token.as_bytes())
    }

    /// Adds this header and keeps the existing ones.
    pub(crate) fn header(mut self, name: &'static str, value: &[u8]) -> Self {
        let value = HeaderValue::from_bytes(value).unwrap();
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// Sets this JSON document as the body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", b"application/json")
            .body(body.to_string())
    }

    /// Sets these bytes as the body.
    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the request. Asserts what holds for every response, and that the status is not a 5xx.
    pub(crate) async fn send(self) -> Answer {
        let answer = self.send_allowing_5xx().await;
        assert!(
            !answer.status.is_server_error(),
            "{} answered {}: {}",
            answer.asked,
            answer.status,
            answer.text()
        );
        answer
    }

    /// Sends the request and permits a 5xx, for tests of outages.
    pub(crate) async fn send_allowing_5xx(self) -> Answer {
        let mut request = Request::new(self.body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path.parse().unwrap();
        *request.headers_mut() = self.headers;
        let headers = request.headers_mut();
        headers
            .entry("host")
            .or_insert(HeaderValue::from_static("countersign.example"));
        let response = self.app.entry.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let answer = Answer {
            asked: format!("{} {}", self.method, self.path),
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        };
        answer.check();
        answer
    }
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    asked: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} answered {:?}", self.asked, self.text()))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The message of an error body.
    pub(crate) fn message(&self) -> String {
        self.json()["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The text of a header, empty if it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts the status.
    #[track_caller]
    pub(crate) fn expect(&self, status: StatusCode) {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
    }

    /// Asserts a status and the contract's error body with this message.
    #[track_caller]
    pub(crate) fn expect_error(&self, status: StatusCode, message: &str) {
        self.expect(status);
        assert_eq!(self.message(), message, "{}", self.asked);
    }

    /// Asserts what every response has: a request id, `nosniff`, a content security policy, an error body on errors.
    fn check(&self) {
        assert!(
            Id::parse(self.header("x-request-id")).is_ok(),
            "{}",
            self.asked
        );
        assert_eq!(
            self.header("x-content-type-options"),
            "nosniff",
            "{}",
            self.asked
        );
        assert!(
            self.header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{}",
            self.asked
        );
        if self.asked.contains(" /v2") || self.asked.contains(" //v2") {
            assert_eq!(self.header("cache-control"), "no-store", "{}", self.asked);
            if self.status.is_client_error() && !self.asked.starts_with("HEAD") {
                assert_eq!(self.json()["code"], self.status.as_u16(), "{}", self.asked);
                assert!(!self.message().is_empty(), "{}", self.asked);
            }
        }
    }
}
