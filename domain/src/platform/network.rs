//! Networks of clients: the addresses that one customer of a provider can use.

use std::net::{IpAddr, Ipv6Addr};

/// Bits of an IPv6 network that a provider gives to one customer at least.
const SUBNET_BITS: u8 = 64;

/// Bits of the largest IPv6 network that a provider usually gives to one customer.
const SITE_BITS: u8 = 48;

/// Returns an IPv4 address, or the first address of the /64 network of an IPv6 address.
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(masked(address, SUBNET_BITS)),
        address @ IpAddr::V4(_) => address,
    }
}

/// The network of a client, as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientNetwork {
    /// An IPv4 address, or an IPv6 /64 network.
    pub subnet: String,
    /// The IPv6 /48 network; empty for an IPv4 address.
    pub site: String,
}

impl ClientNetwork {
    /// The network of an address. A text that is not an address is a network of its own.
    #[must_use]
    pub fn of(address: &str) -> Self {
        match address
            .parse()
            .map(|address: IpAddr| address.to_canonical())
        {
            Ok(IpAddr::V6(address)) => Self {
                subnet: format!("{}/{SUBNET_BITS}", masked(address, SUBNET_BITS)),
                site: format!("{}/{SITE_BITS}", masked(address, SITE_BITS)),
            },
            Ok(IpAddr::V4(address)) => Self {
                subnet: address.to_string(),
                site: String::new(),
            },
            Err(_) => Self {
                subnet: address.to_owned(),
                site: String::new(),
            },
        }
    }

    /// The IPv6 /48 network, or an IPv4 address.
    #[must_use]
    pub fn largest(&self) -> &str {
        if self.site.is_empty() {
            &self.subnet
        } else {
            &self.site
        }
    }
}

fn masked(address: Ipv6Addr, bits: u8) -> Ipv6Addr {
    (u128::from(address) & (u128::MAX << (128 - bits))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_has_two_networks() {
        let check = |address: &str, subnet: &str, site: &str| {
            let network = ClientNetwork::of(address);
            assert_eq!(
                (network.subnet.as_str(), network.site.as_str()),
                (subnet, site),
                "{address}"
            );
        };
        check(
            "2001:db8:1:2:3:4:5:6",
            "2001:db8:1:2::/64",
            "2001:db8:1::/48",
        );
        check("192.0.2.7", "192.0.2.7", "");
        check("::ffff:192.0.2.7", "192.0.2.7", "");
        check("", "", "");
    }

    #[test]
    fn the_addresses_of_a_64_network_are_one_network() {
        let of = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    }
}
