//! The HTTP client of all outgoing requests: probes of integrations, sinks of the audit log, forwarding of ingested
//! data, and imports. It follows no redirect, uses no proxy, and can be limited to public addresses.

use std::{error::Error, fmt, io, net::IpAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, Method, Request, Response, StatusCode, Url, header::HeaderMap, redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::{sync::Mutex, time::timeout};

use crate::platform::{
    http_resolver::{Addresses, NotResolved, Resolver},
    tasks::blocking,
};

/// Bytes of a response that are read at most; the connection of a longer one is closed.
const RESPONSE_BYTES: usize = 64 << 10;

/// Why a request has no response, as a text for administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoResponse {
    /// The request was sent, or could not be sent.
    Failed(String),
    /// The request was not sent, because the settings do not allow the address.
    NotAllowed(String),
}

impl fmt::Display for NoResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(reason) | Self::NotAllowed(reason) => formatter.write_str(reason),
        }
    }
}

/// An HTTP client. It loads the certificates that the machine trusts at the first request, and again after TLS failed,
/// because they may have been renewed.
#[derive(Debug)]
pub(crate) struct HttpClient {
    addresses: Addresses,
    client: Mutex<Option<Client>>,
}

impl HttpClient {
    pub(crate) const fn new(addresses: Addresses) -> Self {
        Self {
            addresses,
            client: Mutex::const_new(None),
        }
    }

    /// A client that trusts only these authorities, for tests.
    #[cfg(test)]
    pub(crate) fn trusting(addresses: Addresses, roots: RootCertStore) -> Self {
        let client = build(addresses, roots).expect("the settings are constants");
        Self {
            addresses,
            client: Mutex::const_new(Some(client)),
        }
    }

    /// Sends a HEAD request without keeping the connection.
    pub(crate) async fn head(&self, url: Url, limit: Duration) -> Result<StatusCode, NoResponse> {
        let mut request = Request::new(Method::HEAD, url);
        let close = reqwest::header::HeaderValue::from_static("close");
        request
            .headers_mut()
            .insert(reqwest::header::CONNECTION, close);
        self.send(request, limit).await
    }

    /// Sends a request, and returns the status after the response was read.
    pub(crate) async fn send(
        &self,
        request: Request,
        limit: Duration,
    ) -> Result<StatusCode, NoResponse> {
        let response = async {
            let response = self.answer(request).await?;
            let status = response.status();
            read_some(response).await;
            Ok(status)
        };
        within(limit, response).await
    }

    /// Sends a request, and returns the response with its body of at most `max_bytes`.
    pub(crate) async fn read(
        &self,
        request: Request,
        limit: Duration,
        max_bytes: usize,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), NoResponse> {
        let response = async {
            let mut response = self.answer(request).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let mut body = Vec::new();
            let failed = |error: reqwest::Error| no_response(&error);
            while let Some(chunk) = response.chunk().await.map_err(failed)? {
                if body.len() + chunk.len() > max_bytes {
                    let mebibytes = max_bytes >> 20;
                    return Err(NoResponse::Failed(format!(
                        "the answer exceeds {mebibytes} MiB"
                    )));
                }
                body.extend_from_slice(&chunk);
            }
            Ok((status, headers, body))
        };
        within(limit, response).await
    }

    async fn answer(&self, request: Request) -> Result<Response, NoResponse> {
        self.check_literal(request.url())?;
        match self.client().await?.execute(request).await {
            Ok(response) => Ok(response),
            Err(error) => {
                if tls_error(&error).is_some() {
                    *self.client.lock().await = None;
                }
                Err(no_response(&error))
            }
        }
    }

    async fn client(&self) -> Result<Client, NoResponse> {
        let mut kept = self.client.lock().await;
        if let Some(client) = &*kept {
            return Ok(client.clone());
        }
        let client = trusting_the_machine(self.addresses).await?;
        Ok(kept.insert(client).clone())
    }

    /// A literal address is not resolved, so the resolver does not check it.
    fn check_literal(&self, url: &Url) -> Result<(), NoResponse> {
        let host = url.host_str().unwrap_or_default();
        let address: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
        match address {
            Ok(address) if !self.addresses.allows(address) => {
                Err(NoResponse::NotAllowed(NotResolved::Private.to_string()))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

async fn within<T>(
    limit: Duration,
    response: impl Future<Output = Result<T, NoResponse>>,
) -> Result<T, NoResponse> {
    timeout(limit, response).await.unwrap_or_else(|_| {
        let seconds = limit.as_secs_f32();
        Err(NoResponse::Failed(format!(
            "no answer within {seconds} seconds"
        )))
    })
}

async fn trusting_the_machine(addresses: Addresses) -> Result<Client, NoResponse> {
    let failed =
        |error: &dyn Error| NoResponse::Failed(format!("TLS cannot be used here: {error}"));
    let built = blocking(move || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        build(addresses, roots)
    });
    built
        .await
        .map_err(|error| failed(&error))?
        .map_err(|error| failed(&*error))
}

fn build(
    addresses: Addresses,
    roots: RootCertStore,
) -> Result<Client, Box<dyn Error + Send + Sync>> {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(Resolver(addresses)))
        .redirect(Policy::none())
        .no_proxy()
        .http1_only()
        .user_agent("Countersign")
        .pool_max_idle_per_host(1)
        .build()?;
    Ok(client)
}

/// Reads the response, so that the connection can be used again, up to [`RESPONSE_BYTES`].
async fn read_some(mut response: Response) {
    let mut read = 0;
    while read < RESPONSE_BYTES
        && let Ok(Some(chunk)) = response.chunk().await
    {
        read += chunk.len();
    }
}

fn no_response(error: &reqwest::Error) -> NoResponse {
    let mut not_resolved = causes(error).filter_map(|cause| cause.downcast_ref::<NotResolved>());
    match not_resolved.next() {
        Some(NotResolved::Private) => NoResponse::NotAllowed(reason(error)),
        Some(NotResolved::Unknown) | None => NoResponse::Failed(reason(error)),
    }
}

/// The cause that an administrator can act on, among the sources of an error.
fn reason(error: &reqwest::Error) -> String {
    if let Some(tls) = tls_error(error) {
        return format!("TLS failed: {tls}");
    }
    if let Some(not_resolved) = causes(error).find_map(|cause| cause.downcast_ref::<NotResolved>())
    {
        return not_resolved.to_string();
    }
    let io = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    match io.last() {
        Some(io) if error.is_connect() && is_handshake(error, io.kind()) => {
            format!("TLS failed: {}", io.kind())
        }
        Some(io) if error.is_connect() => io.kind().to_string(),
        Some(_) | None => {
            let deepest = causes(error).last().unwrap_or(error);
            format!("no HTTP answer: {deepest}")
        }
    }
}

/// Whether the server ended the connection during the TLS handshake.
fn is_handshake(error: &reqwest::Error, kind: io::ErrorKind) -> bool {
    let is_https = error.url().is_some_and(|url| url.scheme() == "https");
    is_https
        && matches!(
            kind,
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
        )
}

fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The causes of an error, from the nearest to the deepest.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(inner(error), |cause| inner(*cause))
}

/// The cause of an error. The `source` of an I/O error that wraps another error skips the wrapped one.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    match wrapped {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::test_hosts::{authority, host, secure_host};

    const LIMIT: Duration = Duration::from_secs(5);

    fn url(scheme: &str, port: u16) -> Url {
        format!("{scheme}://localhost:{port}/").parse().unwrap()
    }

    #[tokio::test]
    async fn certificates_are_loaded_again_only_after_tls_failed() {
        let client = HttpClient::trusting(Addresses::Any, RootCertStore::empty());
        let (port, _asked) = host("not HTTP\r\n").await;
        client.head(url("http", port), LIMIT).await.unwrap_err();
        assert!(client.client.lock().await.is_some());
        let unknown = authority("unknown");
        let answer = "HTTP/1.1 200 OK\r\n\r\n".to_owned();
        let (port, _asked) = secure_host(&unknown, "localhost", answer).await;
        client.head(url("https", port), LIMIT).await.unwrap_err();
        assert!(client.client.lock().await.is_none());
    }
}
