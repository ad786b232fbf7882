//! Networks of trusted proxies: an address, or one with the length of its prefix (`10.0.0.0/8`, `fd00::/8`).

use std::{net::IpAddr, str::FromStr};

use thiserror::Error;

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

/// The text is neither an address nor an address with a prefix length.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is neither an address nor a network like 10.0.0.0/8")]
pub struct NetworkRefused(String);

impl Network {
    /// Whether the address lies in the range. An IPv4 address written as IPv6 is the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - self.prefix_bits;
                (u64::from(network.to_bits()) >> shift) == (u64::from(address.to_bits()) >> shift)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let distance = network.to_bits() ^ address.to_bits();
                distance.leading_zeros() >= self.prefix_bits
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkRefused;

    fn from_str(text: &str) -> Result<Self, NetworkRefused> {
        let refused = || NetworkRefused(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| refused())?,
            None => longest,
        };
        if prefix_bits > longest {
            return Err(refused());
        }
        Ok(Self {
            address,
            prefix_bits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(network: &str, address: &str, expected: bool) {
        let network: Network = network.parse().unwrap();
        assert_eq!(
            network.contains(address.parse().unwrap()),
            expected,
            "{network:?} {address}"
        );
    }

    #[test]
    fn an_address_lies_in_its_networks() {
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
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "proxy.example",
            "10.0.0.0/",
            "10.0.0.0/-1",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
