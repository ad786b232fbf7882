//! An HTTP client for one server: one address, one secret in a header, one connection that is kept open.

use std::{sync::Arc, time::Duration};

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

use crate::integrations::probe::client_config;

/// Timeout of one request.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Maximum number of bytes read from a response body, so that the connection can be reused.
const ANSWER_BYTES: usize = 64 << 10;

/// The target is invalid. The text is for the operator and contains no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct PostRefused(&'static str);

/// The target server.
pub(crate) struct Poster {
    secure: bool,
    host: String,
    port: u16,
    authority: HeaderValue,
    path: String,
    secret: Option<(HeaderName, HeaderValue)>,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Poster {
    /// Parses an address and the secret with its header, without a connection.
    ///
    /// # Errors
    /// [`PostRefused`] when the address is invalid or the secret is not a valid header value.
    pub(crate) fn new(
        url: &str,
        secret: Option<(HeaderName, Zeroizing<String>)>,
    ) -> Result<Self, PostRefused> {
        let refused = PostRefused(
            "it is not an address like https://ingest.example, with neither a user nor a query",
        );
        let uri: Uri = url.parse().map_err(|_| refused.clone())?;
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
        let secret = secret.map(|(name, secret)| {
            let mut value = HeaderValue::from_str(&secret)
                .map_err(|_| PostRefused("its token holds characters no token has"))?;
            value.set_sensitive(true);
            Ok((name, value))
        });
        Ok(Self {
            secure,
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(standard_port),
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| refused)?,
            path: uri.path().trim_end_matches('/').to_owned(),
            secret: secret.transpose()?,
            connection: None,
        })
    }

    /// Sends a request to a path below the address. Returns the status, or the reason for the failure. After any
    /// failure the next request opens a new connection.
    pub(crate) async fn post(
        &mut self,
        path: &str,
        media_type: &'static str,
        payload: Vec<u8>,
    ) -> Result<StatusCode, String> {
        let request = self.request(path, media_type, payload);
        let answered = match timeout(ANSWER_TIMEOUT, self.ask(request)).await {
            Ok(answered) => answered,
            Err(_) => Err(format!(
                "no answer within {} seconds",
                ANSWER_TIMEOUT.as_secs()
            )),
        };
        if answered.is_err() {
            self.connection = None;
        }
        answered
    }

    fn request(
        &self,
        path: &str,
        media_type: &'static str,
        payload: Vec<u8>,
    ) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(payload.into()));
        *request.method_mut() = Method::POST;
        let path = format!("{}{path}", self.path);
        let path = if path.is_empty() { "/" } else { &path };
        *request.uri_mut() = path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        headers.insert(HOST, self.authority.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static("Countersign"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        if let Some((name, secret)) = &self.secret {
            headers.insert(name.clone(), secret.clone());
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
    // The task ends when the sender is dropped or the server closes the connection.
    tokio::spawn(connection);
    Ok(sender)
}

async fn is_read_whole(body: Incoming) -> bool {
    Limited::new(body, ANSWER_BYTES).collect().await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poster(url: &str, token: Option<&str>) -> Result<Poster, PostRefused> {
        let name = HeaderName::from_static("x-sf-token");
        Poster::new(
            url,
            token.map(|token| (name, Zeroizing::new(token.to_owned()))),
        )
    }

    #[test]
    fn an_address_is_read_once_and_no_token_is_shown() {
        let found = poster("https://ingest.example/base/", Some("hunter2")).unwrap();
        assert_eq!((found.host.as_str(), found.port), ("ingest.example", 443));
        let request = found.request("/v2/event", "application/json", Vec::new());
        assert_eq!(request.uri(), "/base/v2/event");
        assert!(!format!("{request:?}").contains("hunter2"));
        let found = poster("http://[::1]:9943", None).unwrap();
        assert_eq!((found.host.as_str(), found.port), ("::1", 9943));
        assert_eq!(found.request("", "text/plain", Vec::new()).uri(), "/");
        for bad in ["ftp://a", "a", "http://u:p@a", "http://a?b", "https://"] {
            assert!(poster(bad, None).is_err(), "{bad}");
        }
        assert!(poster("http://a", Some("a\nb")).is_err());
    }
}
