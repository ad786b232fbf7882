//! The server that data is forwarded to: another one that speaks as this one does on its ingest routes.

use std::fmt;

use domain::ingest::Kind;
use hyper::{StatusCode, header::HeaderName};
use zeroize::Zeroizing;

use crate::platform::http_client::{PostRefused, Poster};

/// The header that carries the token.
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-sf-token");

/// A parcel in the form in which upstream takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// At which path.
    pub path: &'static str,
    /// What it is written in.
    pub media_type: &'static str,
    /// The parcel.
    pub payload: Vec<u8>,
}

impl Outgoing {
    /// A parcel as it is kept, for an upstream that speaks as we do.
    #[must_use]
    pub fn as_kept(kind: Kind, payload: Vec<u8>) -> Self {
        Self {
            path: kind.path(),
            media_type: kind.media_type(),
            payload,
        }
    }
}

/// Where data is forwarded to.
#[derive(Clone)]
pub struct UpstreamSettings {
    /// Its address: scheme, host, port, and a path before those of the routes.
    pub url: String,
    /// The token it asks for.
    pub token: Option<Zeroizing<String>>,
    /// The form in which it takes what is kept: [`Outgoing::as_kept`], or another.
    pub form: fn(Kind, Vec<u8>) -> Outgoing,
}

impl fmt::Debug for UpstreamSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UpstreamSettings")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// What became of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Upstream has it.
    Taken,
    /// Upstream will never take it.
    Rejected(StatusCode),
    /// Upstream has it not, for a reason that may pass.
    Away(String),
}

/// The server that data is forwarded to.
pub(crate) struct Upstream {
    poster: Poster,
    form: fn(Kind, Vec<u8>) -> Outgoing,
}

impl UpstreamSettings {
    /// Checks them without asking anybody.
    ///
    /// # Errors
    /// [`PostRefused`] when the address is none, or the token cannot stand in a header.
    pub fn check(&self) -> Result<(), PostRefused> {
        Upstream::new(self.clone()).map(drop)
    }
}

impl Upstream {
    pub(crate) fn new(settings: UpstreamSettings) -> Result<Self, PostRefused> {
        let secret = settings.token.map(|token| (TOKEN_HEADER, token));
        Ok(Self {
            poster: Poster::new(&settings.url, secret)?,
            form: settings.form,
        })
    }

    /// The form in which parcels are sent.
    pub(crate) const fn form(&self) -> fn(Kind, Vec<u8>) -> Outgoing {
        self.form
    }

    /// Sends a parcel.
    pub(crate) async fn send(&mut self, outgoing: Outgoing) -> Outcome {
        let Outgoing {
            path,
            media_type,
            payload,
        } = outgoing;
        match self.poster.post(path, media_type, payload).await {
            Ok(status) => outcome(status),
            Err(why) => Outcome::Away(why),
        }
    }
}

/// What a status means for what was sent. Only what will never be otherwise is a refusal: a token that is wrong today
/// may be right tomorrow.
fn outcome(status: StatusCode) -> Outcome {
    match status {
        status if status.is_success() => Outcome::Taken,
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Outcome::Rejected(status),
        status => Outcome::Away(format!("it answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_passes_is_a_refusal() {
        assert_eq!(outcome(StatusCode::ACCEPTED), Outcome::Taken);
        assert!(matches!(
            outcome(StatusCode::BAD_REQUEST),
            Outcome::Rejected(_)
        ));
        for away in [401, 404, 429, 500, 301] {
            let status = StatusCode::from_u16(away).unwrap();
            assert!(matches!(outcome(status), Outcome::Away(_)), "{away}");
        }
    }
}
