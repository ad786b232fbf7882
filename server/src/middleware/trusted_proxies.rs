//! Trusted proxies: the client's address and scheme are read from `X-Forwarded-For` and `X-Forwarded-Proto` of their
//! requests.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;
use thiserror::Error;

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

    /// Returns the address of the client: the peer's, or the nearest one that is not a trusted proxy's.
    ///
    /// `X-Forwarded-For` is read from its end, because only what trusted proxies appended can be believed.
    pub(crate) fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|line| line.to_str().ok())
            .collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.contains(nearest) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => nearest = address.to_canonical(),
                Err(_) => break,
            }
        }
        nearest
    }

    /// Whether a trusted proxy states that the client used TLS.
    pub(crate) fn is_forwarded_over_tls(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        self.contains(peer)
            && headers
                .get("x-forwarded-proto")
                .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"https"))
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
            assert_eq!(address.to_string(), expected, "{peer} {forwarded:?}");
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
        check("10.0.0.1", &["not an address"], "10.0.0.1");
        check("::ffff:10.0.0.1", &["::ffff:198.51.100.9"], "198.51.100.9");
    }
}
