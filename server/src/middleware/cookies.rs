//! Whether cookies are `Secure` and named `__Host-…`.
//!
//! They are wherever browsers accept such cookies: over https, and on this machine, which browsers trust without TLS.
//! On plain http elsewhere, browsers would discard them and sign-in would be impossible.

use axum::http::{HeaderMap, header::HOST};

use super::host::without_port;

/// Whether cookies are `Secure` in the response to a request with these headers.
#[must_use]
pub(crate) fn are_secure(over_tls: bool, headers: &HeaderMap) -> bool {
    over_tls || is_local(headers)
}

/// Whether a browser may discard the cookies of a server with a public URL of https, because nothing shows that it used
/// https. Browsers send `Sec-Fetch-Site` only where they accept `Secure` cookies.
#[must_use]
pub(crate) fn may_be_discarded(forwarded_over_tls: bool, headers: &HeaderMap) -> bool {
    !forwarded_over_tls && !is_local(headers) && !headers.contains_key("sec-fetch-site")
}

/// Whether the browser addressed this machine.
fn is_local(headers: &HeaderMap) -> bool {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("");
    let name = without_port(host);
    name == "localhost" || name.ends_with(".localhost") || name == "[::1]" || is_loopback(name)
}

fn is_loopback(name: &str) -> bool {
    name.parse::<std::net::Ipv4Addr>()
        .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn this_machine_is_distinguished_from_others() {
        let check = |host: &'static str, expected: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            assert_eq!(is_local(&headers), expected, "{host}");
        };
        for host in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:3000",
            "127.8.0.1",
            "[::1]:3000",
            "[::1]",
            "a.localhost:1",
        ] {
            check(host, true);
        }
        for host in [
            "",
            "lan:3000",
            "127.0.0.1.evil.example",
            "10.0.0.1:3000",
            "localhost.example",
            "[fe80::1]:3000",
        ] {
            check(host, false);
        }
    }
}
