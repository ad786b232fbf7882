//! Cookies, as far as the server itself looks at them; the pages set them.
//!
//! They are `__Host-…` and `Secure` wherever the browser takes such: over https, and on this very machine, which
//! browsers trust without. On plain http elsewhere they would be thrown away and nobody could sign in.

use axum::http::{
    HeaderMap,
    header::{COOKIE, HOST},
};

/// Whether cookies are `Secure` in the answer to a request with these headers.
#[must_use]
pub(crate) fn are_secure(over_tls: bool, headers: &HeaderMap) -> bool {
    over_tls || is_local(headers)
}

/// The value of the cookie with this name, if the browser sent one.
#[must_use]
pub(crate) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// Whether the browser was pointed at this very machine.
fn is_local(headers: &HeaderMap) -> bool {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("");
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
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
    fn this_machine_is_told_from_others() {
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

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; session=x=y; c="));
        headers.append(COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(find(&headers, "session"), Some("x=y"));
        assert_eq!(find(&headers, "b"), Some("2"));
        assert_eq!(find(&headers, "c"), None);
        assert_eq!(find(&headers, "d"), None);
    }
}
