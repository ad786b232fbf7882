//! The other end of a connection.

use std::{
    net::IpAddr,
    sync::{Arc, Once, OnceLock},
};

use axum::http::HeaderMap;

use super::{forwarded, request_meta::client, settings::EntrySettings};

/// Recorded instead of an address when a trusted proxy names none that can be parsed. The sign-ins of such clients are
/// limited together, apart from those of the proxy.
const UNKNOWN_ADDRESS: &str = "unknown";

/// Ensures that this is logged once.
static UNKNOWN_LOGGED: Once = Once::new();

/// The other end of a connection. Texts that all its requests share are allocated once.
pub(super) struct Peer {
    address: IpAddr,
    text: Arc<str>,
    /// The client, as its first request named it.
    client: OnceLock<Arc<str>>,
}

impl Peer {
    pub(super) fn new(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self {
            address,
            text: Arc::from(address.to_string()),
            client: OnceLock::new(),
        }
    }

    /// Returns the client's address, and whether a trusted proxy states that it used TLS.
    pub(super) fn origin(&self, settings: &EntrySettings, headers: &HeaderMap) -> (Arc<str>, bool) {
        let trusted = &settings.trusted_proxies;
        if !trusted.contains(self.address) {
            return (self.text.clone(), false);
        }
        let over_tls = forwarded::is_over_tls(headers);
        let Some(address) = trusted.client_address(self.address, headers) else {
            UNKNOWN_LOGGED.call_once(|| {
                tracing::warn!(
                    "A trusted proxy names no client address that can be parsed. Such clients are recorded as \
                     `unknown`, and their sign-ins are limited together. Check what the proxy writes into \
                     X-Forwarded-For or Forwarded. This is logged once."
                );
            });
            return (Arc::from(UNKNOWN_ADDRESS), over_tls);
        };
        (Arc::from(address.to_string()), over_tls)
    }

    /// Returns the client of a request. Behind a proxy it may differ from request to request.
    pub(super) fn client(&self, headers: &HeaderMap) -> Arc<str> {
        let named = client(headers);
        let first = self.client.get_or_init(|| Arc::from(named));
        if **first == *named {
            Arc::clone(first)
        } else {
            Arc::from(named)
        }
    }
}
