//! The HTTP client of all outgoing requests: probes of integrations, sinks of the audit log, and forwarding of ingested
//! data. It follows no redirect, uses no proxy, and can be limited to public addresses.

use std::{error::Error, fmt, io, net::IpAddr, sync::Arc, time::Duration};

use reqwest::{Client, Method, Request, Response, StatusCode, Url, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::{sync::OnceCell, time::timeout};

use crate::platform::{
    http_resolver::{Addresses, NotResolved, Resolver},
    tasks::blocking,
};

/// Bytes of a response that are read at most; the connection of a longer one is closed.
const RESPONSE_BYTES: usize = 64 << 10;

/// Why a request has no response, as a text for administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoResponse(String);

impl fmt::Display for NoResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An HTTP client. It loads the certificates that the machine trusts at the first request.
#[derive(Debug)]
pub(crate) struct HttpClient {
    addresses: Addresses,
    client: OnceCell<Client>,
}

impl HttpClient {
    pub(crate) const fn new(addresses: Addresses) -> Self {
        Self {
            addresses,
            client: OnceCell::const_new(),
        }
    }

    /// A client that trusts only these authorities, for tests.
    #[cfg(test)]
    pub(crate) fn trusting(addresses: Addresses, roots: RootCertStore) -> Self {
        let client = build(addresses, roots).expect("the settings are constants");
        Self {
            addresses,
            client: OnceCell::new_with(Some(client)),
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
        self.check_literal(request.url())?;
        match timeout(limit, self.answer(request)).await {
            Ok(answered) => answered,
            Err(_) => {
                let seconds = limit.as_secs_f32();
                Err(NoResponse(format!("no answer within {seconds} seconds")))
            }
        }
    }

    async fn answer(&self, request: Request) -> Result<StatusCode, NoResponse> {
        let client = self
            .client
            .get_or_try_init(|| trusting_the_machine(self.addresses));
        let response = client.await?.execute(request).await;
        let response = response.map_err(|error| NoResponse(reason(&error)))?;
        let status = response.status();
        read_some(response).await;
        Ok(status)
    }

    /// A literal address is not resolved, so the resolver does not check it.
    fn check_literal(&self, url: &Url) -> Result<(), NoResponse> {
        let host = url.host_str().unwrap_or_default();
        let address: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
        match address {
            Ok(address) if !self.addresses.allows(address) => {
                Err(NoResponse(NotResolved::Private.to_string()))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

async fn trusting_the_machine(addresses: Addresses) -> Result<Client, NoResponse> {
    let failed = |error: &dyn Error| NoResponse(format!("TLS cannot be used here: {error}"));
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

/// The cause that an administrator can act on, among the sources of an error.
fn reason(error: &reqwest::Error) -> String {
    let mut deepest: &(dyn Error + 'static) = error;
    while let Some(source) = inner(deepest) {
        deepest = source;
        if let Some(tls) = source.downcast_ref::<rustls::Error>() {
            return format!("TLS failed: {tls}");
        }
        if source.is::<NotResolved>() {
            return source.to_string();
        }
    }
    match deepest.downcast_ref::<io::Error>() {
        Some(io) if error.is_connect() => io.kind().to_string(),
        Some(_) | None => format!("no HTTP answer: {deepest}"),
    }
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
