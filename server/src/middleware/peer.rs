//! The other end of a connection.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use axum::http::HeaderMap;

use super::{request_meta::client, settings::EntrySettings};

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
        if trusted.is_empty() {
            return (self.text.clone(), false);
        }
        let address = trusted.client_address(self.address, headers);
        let over_tls = trusted.is_forwarded_over_tls(self.address, headers);
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
