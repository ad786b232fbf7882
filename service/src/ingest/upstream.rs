//! The upstream: a server with the same ingest routes as this one, to which data is forwarded.

use std::fmt;

use domain::ingest::Kind;
use reqwest::{StatusCode, header::HeaderName};
use zeroize::Zeroizing;

use crate::platform::http_endpoint::{HttpEndpoint, InvalidEndpoint};

/// The header with the token.
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-sf-token");

/// A parcel in the form that the upstream accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamRequest {
    /// The path of the request.
    pub path: &'static str,
    /// The media type of the payload.
    pub media_type: &'static str,
    /// The payload.
    pub payload: Vec<u8>,
}

impl UpstreamRequest {
    /// A parcel as it is stored, for an upstream with the same routes.
    #[must_use]
    pub fn as_kept(kind: Kind, payload: Vec<u8>) -> Self {
        Self {
            path: kind.path(),
            media_type: kind.media_type(),
            payload,
        }
    }
}

/// The settings of the upstream.
#[derive(Clone)]
pub struct UpstreamSettings {
    /// The URL: scheme, host, port, and a prefix of the route paths.
    pub url: String,
    /// The token for the upstream.
    pub token: Option<Zeroizing<String>>,
    /// Converts a stored parcel into the form of the upstream: [`UpstreamRequest::as_kept`], or another.
    pub form: fn(Kind, Vec<u8>) -> UpstreamRequest,
}

impl fmt::Debug for UpstreamSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UpstreamSettings")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SendOutcome {
    /// The upstream accepted the data.
    Accepted,
    /// The upstream will never accept the data.
    Rejected(StatusCode),
    /// The upstream did not accept the data for a temporary reason.
    Unavailable(String),
}

/// The upstream server.
pub(crate) struct Upstream {
    endpoint: HttpEndpoint,
    form: fn(Kind, Vec<u8>) -> UpstreamRequest,
}

impl UpstreamSettings {
    /// Validates the settings without a connection.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] when the URL is invalid or the token is not a valid header value.
    pub fn check(&self) -> Result<(), InvalidEndpoint> {
        Upstream::new(self.clone()).map(drop)
    }
}

impl Upstream {
    pub(crate) fn new(settings: UpstreamSettings) -> Result<Self, InvalidEndpoint> {
        let secret = settings.token.map(|token| (TOKEN_HEADER, token));
        Ok(Self {
            endpoint: HttpEndpoint::new(&settings.url, secret)?,
            form: settings.form,
        })
    }

    /// The conversion into the form of the upstream.
    pub(crate) const fn form(&self) -> fn(Kind, Vec<u8>) -> UpstreamRequest {
        self.form
    }

    /// Sends a request.
    pub(crate) async fn send(&self, outgoing: UpstreamRequest) -> SendOutcome {
        let UpstreamRequest {
            path,
            media_type,
            payload,
        } = outgoing;
        match self.endpoint.post(path, media_type, payload).await {
            Ok(status) => outcome(status),
            Err(why) => SendOutcome::Unavailable(why),
        }
    }
}

/// The outcome for a status. Only a permanent failure is a rejection; an invalid token, for example, may become valid.
fn outcome(status: StatusCode) -> SendOutcome {
    match status {
        status if status.is_success() => SendOutcome::Accepted,
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => SendOutcome::Rejected(status),
        status => SendOutcome::Unavailable(format!("it answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_passes_is_a_refusal() {
        assert_eq!(outcome(StatusCode::ACCEPTED), SendOutcome::Accepted);
        assert!(matches!(
            outcome(StatusCode::BAD_REQUEST),
            SendOutcome::Rejected(_)
        ));
        for away in [401, 404, 429, 500, 301] {
            let status = StatusCode::from_u16(away).unwrap();
            assert!(
                matches!(outcome(status), SendOutcome::Unavailable(_)),
                "{away}"
            );
        }
    }
}
