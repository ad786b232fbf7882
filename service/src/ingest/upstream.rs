//! The server that data is forwarded to: another one that speaks as this one does on its ingest routes. Asked over one
//! connection, which is kept.

use std::{fmt, sync::Arc, time::Duration};

use domain::ingest::Kind;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Method, Request, StatusCode, Uri,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
    header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use zeroize::Zeroizing;

use crate::reach::client_config;

/// How long upstream may take for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of an answer that are read, so that its connection can be used again.
const ANSWER_BYTES: usize = 64 << 10;

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

/// Nothing can be forwarded there. The text is for whoever set it, and repeats no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct UpstreamRefused(&'static str);

/// What became of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Upstream has it.
    Taken,
    /// Upstream will never take it.
    Refused(StatusCode),
    /// Upstream has it not, for a reason that may pass.
    Away(String),
}

/// The server that data is forwarded to.
pub(crate) struct Upstream {
    secure: bool,
    host: String,
    port: u16,
    authority: HeaderValue,
    path: String,
    token: Option<HeaderValue>,
    form: fn(Kind, Vec<u8>) -> Outgoing,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl UpstreamSettings {
    /// Checks them without asking anybody.
    ///
    /// # Errors
    /// [`UpstreamRefused`] when the address is none, or the token cannot stand in a header.
    pub fn check(&self) -> Result<(), UpstreamRefused> {
        Upstream::new(self.clone()).map(drop)
    }
}

impl Upstream {
    pub(crate) fn new(settings: UpstreamSettings) -> Result<Self, UpstreamRefused> {
        let refused = UpstreamRefused(
            "it is not an address like https://ingest.example, with neither a user nor a query",
        );
        let uri: Uri = settings.url.parse().map_err(|_| refused.clone())?;
        let authority = uri.authority().ok_or_else(|| refused.clone())?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) | None => return Err(refused),
        };
        if uri.query().is_some() || authority.as_str().contains('@') {
            return Err(refused);
        }
        let standard_port = if secure { 443 } else { 80 };
        let token = settings.token.map(|token| {
            let mut value = HeaderValue::from_str(&token)
                .map_err(|_| UpstreamRefused("its token holds characters no token has"))?;
            value.set_sensitive(true);
            Ok(value)
        });
        Ok(Self {
            secure,
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(standard_port),
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| refused)?,
            path: uri.path().trim_end_matches('/').to_owned(),
            token: token.transpose()?,
            form: settings.form,
            connection: None,
        })
    }

    /// The form in which parcels are sent.
    pub(crate) const fn form(&self) -> fn(Kind, Vec<u8>) -> Outgoing {
        self.form
    }

    /// Sends a parcel. Whatever goes wrong, the next one gets a new connection.
    pub(crate) async fn send(&mut self, outgoing: Outgoing) -> Outcome {
        let request = self.request(outgoing);
        match timeout(ANSWER_TIMEOUT, self.ask(request)).await {
            Ok(Ok(status)) => outcome(status),
            Ok(Err(why)) => {
                self.connection = None;
                Outcome::Away(why)
            }
            Err(_) => {
                self.connection = None;
                let seconds = ANSWER_TIMEOUT.as_secs();
                Outcome::Away(format!("no answer within {seconds} seconds"))
            }
        }
    }

    fn request(&self, outgoing: Outgoing) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(outgoing.payload.into()));
        *request.method_mut() = Method::POST;
        let path = format!("{}{}", self.path, outgoing.path);
        *request.uri_mut() = path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        headers.insert(HOST, self.authority.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static("Countersign"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(outgoing.media_type));
        if let Some(token) = &self.token {
            headers.insert(TOKEN_HEADER, token.clone());
        }
        request
    }

    async fn ask(&mut self, request: Request<Full<Bytes>>) -> Result<StatusCode, String> {
        let mut kept = self.connection.take();
        let is_open = match &mut kept {
            Some(kept) => kept.ready().await.is_ok(),
            None => false,
        };
        let mut connection = match kept.filter(|_| is_open) {
            Some(kept) => kept,
            None => self.connect().await?,
        };
        let answer = connection.send_request(request).await;
        let answer = answer.map_err(|error| format!("no HTTP answer: {error}"))?;
        let status = answer.status();
        if is_read_whole(answer.into_body()).await {
            self.connection = Some(connection);
        }
        Ok(status)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|error| format!("it cannot be reached: {error}"))?;
        let _ = stream.set_nodelay(true);
        if !self.secure {
            return speak(stream).await;
        }
        let config = tokio::task::spawn_blocking(client_config).await;
        let config = config
            .map_err(|error| error.to_string())?
            .map_err(|error| format!("TLS cannot be used here: {error}"))?;
        let name = ServerName::try_from(self.host.clone())
            .map_err(|_| "its host has no name that TLS could check".to_owned())?;
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await;
        speak(stream.map_err(|error| format!("TLS failed: {error}"))?).await
    }
}

async fn speak<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    // It ends when the sender is dropped, or the other side hangs up.
    tokio::spawn(connection);
    Ok(sender)
}

async fn is_read_whole(body: Incoming) -> bool {
    Limited::new(body, ANSWER_BYTES).collect().await.is_ok()
}

/// What a status means for what was sent. Only what will never be otherwise is a refusal: a token that is wrong today
/// may be right tomorrow.
fn outcome(status: StatusCode) -> Outcome {
    match status {
        status if status.is_success() => Outcome::Taken,
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Outcome::Refused(status),
        status => Outcome::Away(format!("it answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(url: &str, token: Option<&str>) -> Result<Upstream, UpstreamRefused> {
        Upstream::new(UpstreamSettings {
            url: url.to_owned(),
            token: token.map(|token| Zeroizing::new(token.to_owned())),
            form: Outgoing::as_kept,
        })
    }

    #[test]
    fn an_address_is_read_once_and_no_token_is_shown() {
        let found = upstream("https://ingest.example/base/", Some("hunter2")).unwrap();
        assert_eq!((found.host.as_str(), found.port), ("ingest.example", 443));
        let request = found.request(Outgoing::as_kept(Kind::Events, Vec::new()));
        assert_eq!(request.uri(), "/base/v2/event");
        assert!(!format!("{request:?}").contains("hunter2"));
        let found = upstream("http://[::1]:9943", None).unwrap();
        assert_eq!((found.host.as_str(), found.port), ("::1", 9943));
        for bad in ["ftp://a", "a", "http://u:p@a", "http://a?b", "https://"] {
            assert!(upstream(bad, None).is_err(), "{bad}");
        }
        assert!(upstream("http://a", Some("a\nb")).is_err());
    }

    #[test]
    fn only_what_never_passes_is_a_refusal() {
        assert_eq!(outcome(StatusCode::ACCEPTED), Outcome::Taken);
        assert!(matches!(
            outcome(StatusCode::BAD_REQUEST),
            Outcome::Refused(_)
        ));
        for away in [401, 404, 429, 500, 301] {
            let status = StatusCode::from_u16(away).unwrap();
            assert!(matches!(outcome(status), Outcome::Away(_)), "{away}");
        }
    }
}
