//! The host that an integration sends to: scheme, host and port of its URL, and which network addresses are public. The
//! path of a webhook's URL is a credential and is not kept here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A host to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// HTTPS rather than HTTP.
    pub secure: bool,
    /// Name or address, in lower case, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Target {
    /// Parses scheme, host and port of a URL.
    ///
    /// # Errors
    /// The reason, without the given text.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        const SCHEME: &str = "must begin with https:// or http://";
        let (scheme, rest) = url.split_once("://").ok_or(SCHEME)?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(SCHEME),
        };
        let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
        Self::of_host(authority, secure)
    }

    /// Parses an HTTPS host, with or without a port.
    ///
    /// # Errors
    /// The reason, without the given text.
    pub fn parse_host(host: &str) -> Result<Self, &'static str> {
        Self::of_host(host, true)
    }

    fn of_host(authority: &str, secure: bool) -> Result<Self, &'static str> {
        if authority.contains('@') {
            return Err("must not hold a user name or a password");
        }
        let (host, port) = split_port(authority);
        let port = match port {
            None | Some("") if secure => 443,
            None | Some("") => 80,
            Some(port) => port.parse().map_err(|_| "has an invalid port")?,
        };
        Ok(Self {
            secure,
            host: checked_host(host)?,
            port,
        })
    }
}

/// The host `[::1]` in `[::1]:80` has colons of its own.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[after_brackets..].find(':') {
        Some(at) => {
            let (host, port) = authority.split_at(after_brackets + at);
            (host, port.get(1..))
        }
        None => (authority, None),
    }
}

fn checked_host(host: &str) -> Result<String, &'static str> {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        let address: Ipv6Addr = address.parse().map_err(|_| "has no readable host")?;
        return Ok(address.to_string());
    }
    let is_fine = |character: char| character.is_ascii_alphanumeric() || "-._".contains(character);
    if host.is_empty() || host.len() > 253 || !host.chars().all(is_fine) {
        return Err("has no readable host");
    }
    Ok(host.to_ascii_lowercase())
}

/// Whether an address is on the public internet: not loopback, link-local, private or reserved, also when embedded in
/// an IPv6 address (RFC 6890 and its registries).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        // This network; multicast, reserved and broadcast.
        || a == 0
        || a >= 224
        // Shared by providers, for protocols, anycast relays, benchmarks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let [a, b, ..] = segments;
    let inner = |high: u16, low: u16| {
        let bits = (u32::from(high) << 16) | u32::from(low);
        is_public_v4(Ipv4Addr::from_bits(bits))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            inner(high, low)
        }
        [0x2002, high, low, ..] => inner(high, low),
        // Global unicast is 2000::/3. Of it, 2001::/23 is for protocols, 2001:db8::/32 and 3fff::/20 for documentation.
        _ => {
            (0x2000..0x4000).contains(&a)
                && !(a == 0x2001 && (b < 0x200 || b == 0xdb8))
                && !(a == 0x3fff && b < 0x1000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_host_and_port_are_parsed() {
        let check = |url: &str, secure, host: &str, port| {
            let host = host.to_owned();
            assert_eq!(
                Target::parse(url),
                Ok(Target { secure, host, port }),
                "{url}"
            );
        };
        check(
            "https://Hooks.Example.com/services/T0/B0/X",
            true,
            "hooks.example.com",
            443,
        );
        check("http://hook:8080?x=1", false, "hook", 8080);
        check("HTTPS://hook:#x", true, "hook", 443);
        check("https://[::1]:8443/x", true, "::1", 8443);
        check("https://[2001:DB8::1]", true, "2001:db8::1", 443);
        check("https://webhook.site/<key>", true, "webhook.site", 443);
        check("http://evil\\@good/", false, "evil", 80);
    }

    #[test]
    fn an_invalid_url_is_rejected_without_repeating_it() {
        for url in [
            "",
            "hook",
            "ftp://hook",
            "https://",
            "https:///x",
            "https://:80",
            "https://a b/",
            "https://a:x/",
            "https://a:70000",
            "https://[::1",
            "https://[x]",
            "https://user:pass@hook/",
            "file:///etc/passwd",
            "https://ä/",
            "https://%31/",
        ] {
            let rejected = Target::parse(url).unwrap_err();
            assert!(!rejected.contains("pass@"), "{url}");
        }
        assert_eq!(
            Target::parse_host("dev1.service-now.com").map(|target| target.port),
            Ok(443)
        );
        assert!(Target::parse_host("https://x").is_err());
    }

    #[test]
    fn only_the_public_internet_is_public() {
        let check = |expected: bool, addresses: &[&str]| {
            for address in addresses {
                assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
            }
        };
        check(
            true,
            &[
                "1.1.1.1",
                "172.32.0.1",
                "100.128.0.1",
                "192.0.1.1",
                "2606:4700::1111",
                "::ffff:8.8.8.8",
                "64:ff9b::808:808",
            ],
        );
        check(
            false,
            &[
                "127.0.0.1",
                "127.9.9.9",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.169.254",
            ],
        );
        check(
            false,
            &[
                "0.0.0.0",
                "0.1.2.3",
                "100.64.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "192.0.0.8",
            ],
        );
        check(
            false,
            &[
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "fec0::1",
                "2001:db8::1",
                "2001::1",
                "3fff::1",
            ],
        );
        check(
            false,
            &[
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:7f00:1::",
                "2002:a00:1::",
                "::127.0.0.1",
            ],
        );
    }
}
