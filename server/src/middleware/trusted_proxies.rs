//! Trusted proxies: their headers state the client's address and scheme ([`super::forwarded`]).

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;
use thiserror::Error;

use super::forwarded::{self, Hop};

/// The addresses and networks of trusted proxies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// The text is neither an address nor a network in CIDR notation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is neither an address nor a network like 10.0.0.0/8")]
pub struct NetworkRejected(String);

impl TrustedProxies {
    /// Parses addresses and networks, such as `10.0.0.1` or `fd00::/8`. Empty texts are skipped.
    ///
    /// # Errors
    /// [`NetworkRejected`] with the first text that is neither.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, NetworkRejected> {
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        texts.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether no proxy is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the address of the client: the peer's, or behind a trusted proxy the nearest hop that is not a trusted
    /// proxy. `None` when that hop has no address that can be parsed.
    ///
    /// The hops are read from the nearest, because only those that trusted proxies appended are reliable.
    pub(crate) fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut nearest = peer.to_canonical();
        if !self.contains(nearest) {
            return Some(nearest);
        }
        for hop in forwarded::hops(headers) {
            match hop {
                Hop::Address(address) => nearest = address,
                Hop::Unknown => return None,
            }
            if !self.contains(nearest) {
                break;
            }
        }
        Some(nearest)
    }

    /// Whether the address belongs to a trusted proxy. An IPv4 address written as IPv6 counts as IPv4.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Result<IpNet, NetworkRejected> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| NetworkRejected(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn an_address_is_in_its_networks() {
        let check = |network: &str, address: &str, expected: bool| {
            let proxies = TrustedProxies::parse([network]).unwrap();
            let address = address.parse().unwrap();
            assert_eq!(proxies.contains(address), expected, "{network} {address}");
        };
        check("10.0.0.0/8", "10.255.1.2", true);
        check("10.0.0.0/8", "11.0.0.1", false);
        check("0.0.0.0/0", "203.0.113.7", true);
        check("127.0.0.1", "127.0.0.1", true);
        check("127.0.0.1", "127.0.0.2", false);
        check("127.0.0.1", "::ffff:127.0.0.1", true);
        check("fd00::/8", "fdff::1", true);
        check("fd00::/8", "fe80::1", false);
        check("::/0", "203.0.113.7", false);
        check("::1", "::1", true);
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in [
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "proxy.example",
            "10.0.0.0/",
            "10.0.0.0/-1",
        ] {
            assert!(TrustedProxies::parse([text]).is_err(), "{text}");
        }
        assert!(network("").is_err());
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let check = |peer: &str, forwarded: &[&'static str], expected: &str| {
            let proxies = TrustedProxies::parse(["10.0.0.0/8"]).unwrap();
            let mut headers = HeaderMap::new();
            for line in forwarded {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            let address = proxies.client_address(peer.parse().unwrap(), &headers);
            let address = address.map_or("unknown".to_owned(), |address| address.to_string());
            assert_eq!(address, expected, "{peer} {forwarded:?}");
        };
        check("203.0.113.7", &[], "203.0.113.7");
        check("203.0.113.7", &["198.51.100.9"], "203.0.113.7");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["198.51.100.9"], "198.51.100.9");
        check(
            "10.0.0.1",
            &["1.1.1.1, 198.51.100.9, 10.0.0.2"],
            "198.51.100.9",
        );
        check("10.0.0.1", &["1.1.1.1", "198.51.100.9"], "198.51.100.9");
        check("10.0.0.1", &["198.51.100.9:4711"], "198.51.100.9");
        check("10.0.0.1", &["198.51.100.9, 10.0.0.2:80"], "198.51.100.9");
        check("10.0.0.1", &["not an address"], "unknown");
        check("10.0.0.1", &["unknown, 198.51.100.9"], "198.51.100.9");
        check("203.0.113.7", &["unknown"], "203.0.113.7");
        check("::ffff:10.0.0.1", &["::ffff:198.51.100.9"], "198.51.100.9");
    }
}
