//! Knocking at the host of an integration: whether somebody answers there in time. The only place where this program
//! asks another of its own accord, so it is careful: it asks for nothing but `/`, sends no credential, follows no
//! redirect, and connects to no address that is not public unless it was told that it may.

use std::{fmt, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use domain::integrations::{Target, is_public};
use http_body_util::Empty;
use hyper::{
    Method, Request,
    body::Bytes,
    client::conn::http1,
    header::{CONNECTION, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    sync::OnceCell,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

/// How long a host may take to answer, from asking for its address to the first line of its answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Addresses of one host that are tried, in the order in which they were named.
const TRIED_ADDRESSES: usize = 4;

/// Why nobody answered, in words for the administrator who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreachable(String);

impl fmt::Display for Unreachable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Knocks at hosts.
#[derive(Default)]
pub(crate) struct Reach {
    allow_private: bool,
    tls: OnceCell<Arc<ClientConfig>>,
}

impl fmt::Debug for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reach")
            .field("allow_private", &self.allow_private)
            .finish_non_exhaustive()
    }
}

impl Reach {
    pub(crate) fn new(allow_private: bool) -> Self {
        Self {
            allow_private,
            tls: OnceCell::new(),
        }
    }

    /// Whether somebody answers there. Any answer will do: what they would say to a message, only a message can tell.
    pub(crate) async fn knock(&self, target: &Target) -> Result<(), Unreachable> {
        self.knock_within(target, ANSWER_TIMEOUT).await
    }

    async fn knock_within(&self, target: &Target, limit: Duration) -> Result<(), Unreachable> {
        match timeout(limit, self.ask(target)).await {
            Ok(answered) => answered,
            Err(_) => {
                let seconds = limit.as_secs_f32();
                Err(unreachable(
                    target,
                    &format!("no answer within {seconds} seconds"),
                ))
            }
        }
    }

    async fn ask(&self, target: &Target) -> Result<(), Unreachable> {
        let stream = self.connect(target).await?;
        let answered = if target.secure {
            let name = ServerName::try_from(target.host.clone())
                .map_err(|_| unreachable(target, "the host has no name that TLS could check"))?;
            let tls = TlsConnector::from(self.tls().await?);
            let stream = tls.connect(name, stream).await;
            let stream =
                stream.map_err(|error| unreachable(target, &format!("TLS failed: {error}")))?;
            request(target, stream).await
        } else {
            request(target, stream).await
        };
        answered.map_err(|error| unreachable(target, &format!("no HTTP answer: {error}")))
    }

    /// Connects to an address that was looked at, not to a name that could be another address a moment later.
    async fn connect(&self, target: &Target) -> Result<TcpStream, Unreachable> {
        let found = lookup_host((target.host.as_str(), target.port)).await;
        let found = found.map_err(|_| unreachable(target, "the host has no address"))?;
        let allowed = |address: &SocketAddr| self.allow_private || is_public(address.ip());
        let mut addresses = found.filter(allowed).take(TRIED_ADDRESSES).peekable();
        if addresses.peek().is_none() {
            let what =
                "its address is private, and this server does not connect to private addresses";
            return Err(unreachable(target, what));
        }
        let mut failure = None;
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = Some(error),
            }
        }
        let why = failure.map(|error| error.kind().to_string());
        Err(unreachable(target, &why.unwrap_or_default()))
    }

    /// The certificates this machine trusts are read once, when the first host is asked by TLS.
    async fn tls(&self) -> Result<Arc<ClientConfig>, Unreachable> {
        let made = self.tls.get_or_try_init(|| async {
            let config = tokio::task::spawn_blocking(client_config).await;
            let config = config.map_err(|error| error.to_string())?;
            config.map(Arc::new).map_err(|error| error.to_string())
        });
        match made.await {
            Ok(config) => Ok(Arc::clone(config)),
            Err(error) => Err(Unreachable(format!("TLS cannot be used here: {error}"))),
        }
    }
}

/// How this program speaks TLS to others: by the certificates this machine trusts.
pub(crate) fn client_config() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    config_trusting(roots)
}

fn config_trusting(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// Asks for the head of `/` and waits for the first line of an answer.
async fn request<S>(target: &Target, stream: S) -> Result<(), hyper::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.method_mut() = Method::HEAD;
    let host = host_header(target).parse();
    request
        .headers_mut()
        .insert(HOST, host.expect("a checked host is fit for a header"));
    for (name, value) in [(USER_AGENT, "Countersign"), (CONNECTION, "close")] {
        let value = hyper::header::HeaderValue::from_static(value);
        request.headers_mut().insert(name, value);
    }
    // Both are dropped with this function: the connection lives no longer, whatever the other side does.
    let mut connection = pin!(connection);
    let mut answer = pin!(sender.send_request(request));
    tokio::select! {
        biased;
        answer = &mut answer => answer.map(drop),
        // The connection may end well without an answer; what became of the request says that.
        _ = &mut connection => answer.await.map(drop),
    }
}

fn host_header(target: &Target) -> String {
    let host = if target.host.contains(':') {
        format!("[{}]", target.host)
    } else {
        target.host.clone()
    };
    match (target.secure, target.port) {
        (true, 443) | (false, 80) => host,
        (_, port) => format!("{host}:{port}"),
    }
}

fn unreachable(target: &Target, why: &str) -> Unreachable {
    let Target { host, port, .. } = target;
    Unreachable(format!("{host}:{port} cannot be reached: {why}."))
}

#[cfg(test)]
pub(crate) mod tests;
