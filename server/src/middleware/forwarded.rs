//! Parses the client's address and scheme from `X-Forwarded-For`, `X-Forwarded-Proto` and `Forwarded` (RFC 7239).
//!
//! One family of headers counts for a request: with `X-Forwarded-For` or `X-Forwarded-Proto`, `Forwarded` is ignored.
//! A proxy that writes one family passes on the other as the client sent it.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv6Addr},
};

use axum::http::{HeaderMap, HeaderValue};

/// A client or proxy, as a proxy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hop {
    /// Its address.
    Address(IpAddr),
    /// No address: `unknown`, an obfuscated identifier, or a text that cannot be parsed.
    Unknown,
}

/// The hops of a request, the nearest first. A header without an element is a proxy that does not name the client.
pub(super) fn hops(headers: &HeaderMap) -> impl Iterator<Item = Hop> + '_ {
    let has_quotes = !has_x_forwarded(headers);
    let name = if has_quotes {
        "forwarded"
    } else {
        "x-forwarded-for"
    };
    let lines = headers.get_all(name).iter().rev();
    let elements = lines.flat_map(move |line| elements_from_end(line.as_bytes(), has_quotes));
    let mut elements = elements.peekable();
    let is_empty = headers.contains_key(name) && elements.peek().is_none();
    let hops = elements.map(move |element| {
        let text = std::str::from_utf8(element).unwrap_or_default();
        if !has_quotes {
            return hop(text);
        }
        parameter(text, "for").map_or(Hop::Unknown, |node| hop(&node))
    });
    hops.chain(is_empty.then_some(Hop::Unknown))
}

/// The elements of a list, the last first. A proxy appends its element to the line of the client. Reading from the end,
/// neither an open quotation mark nor other bytes of the client hide that element.
fn elements_from_end(line: &[u8], has_quotes: bool) -> impl Iterator<Item = &[u8]> {
    let mut is_quoted = false;
    let elements = line.rsplit(move |byte| {
        is_quoted ^= has_quotes && *byte == b'"';
        !is_quoted && *byte == b','
    });
    // RFC 9110, section 5.6.1: a list may have empty elements.
    elements
        .map(<[u8]>::trim_ascii)
        .filter(|element| !element.is_empty())
}

/// Whether the first proxy states that the client used TLS. Later proxies append to the lists.
pub(super) fn is_over_tls(headers: &HeaderMap) -> bool {
    let is_https = |proto: &str| proto.trim().eq_ignore_ascii_case("https");
    if has_x_forwarded(headers) {
        let first = first_line(headers, "x-forwarded-proto");
        return first.split(',').next().is_some_and(is_https);
    }
    let first = first_line(headers, "forwarded");
    let proto = split(&first, ',')
        .next()
        .and_then(|element| parameter(element, "proto"));
    proto.is_some_and(|proto| is_https(&proto))
}

fn has_x_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key("x-forwarded-for") || headers.contains_key("x-forwarded-proto")
}

fn first_line<'a>(headers: &'a HeaderMap, name: &str) -> Cow<'a, str> {
    let line = headers.get(name).map(HeaderValue::as_bytes);
    String::from_utf8_lossy(line.unwrap_or_default())
}

/// The parts between separators outside of quoted strings, without empty ones.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(move |c: char| {
        let escaped = std::mem::take(&mut is_escaped);
        match c {
            '"' if !escaped => is_quoted = !is_quoted,
            '\\' if is_quoted && !escaped => is_escaped = true,
            _ => {}
        }
        !is_quoted && c == separator
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// The value of a parameter of a `Forwarded` element, without quotes.
fn parameter(element: &str, name: &str) -> Option<String> {
    let mut pairs = split(element, ';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?;
    let value = value.trim();
    let quoted = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    Some(quoted.map_or_else(|| value.to_owned(), |quoted| quoted.replace('\\', "")))
}

fn hop(text: &str) -> Hop {
    let unquoted = text.trim_matches('"');
    address(unquoted).map_or(Hop::Unknown, |address| Hop::Address(address.to_canonical()))
}

/// Parses an IPv4 or IPv6 address with an optional port. An IPv6 address may have brackets and a zone.
fn address(text: &str) -> Option<IpAddr> {
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        let is_port = after.is_empty() || after.strip_prefix(':').is_some_and(is_port);
        return ipv6(inside).filter(|_| is_port).map(IpAddr::V6);
    }
    let whole = text.parse().ok().or_else(|| ipv6(text).map(IpAddr::V6));
    whole.or_else(|| {
        let (address, port) = text.rsplit_once(':')?;
        address.parse().ok().filter(|_| is_port(port))
    })
}

/// An IPv6 address. A zone (RFC 4007) is a name on the proxy, so it is left out.
fn ipv6(text: &str) -> Option<Ipv6Addr> {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse().ok()
}

/// A port, which RFC 7239 allows to be obfuscated.
fn is_port(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number || text.starts_with('_')
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(HeaderName::from_static(name), value);
        }
        headers
    }

    #[test]
    fn every_form_of_an_address_is_parsed() {
        let check = |text: &'static str, expected: &str| {
            let headers = headers(&[("x-forwarded-for", text)]);
            let found: Vec<_> = hops(&headers).collect();
            let found = match found.as_slice() {
                [Hop::Address(address)] => address.to_string(),
                [Hop::Unknown] => "unknown".to_owned(),
                other => format!("{other:?}"),
            };
            assert_eq!(found, expected, "{text}");
        };
        check("198.51.100.9", "198.51.100.9");
        check("198.51.100.9:4711", "198.51.100.9");
        check(" 198.51.100.9:4711 ", "198.51.100.9");
        check("\"198.51.100.9:4711\"", "198.51.100.9");
        check("2001:db8::1", "2001:db8::1");
        check("[2001:db8::1]", "2001:db8::1");
        check("[2001:db8::1]:4711", "2001:db8::1");
        check("\"[2001:db8::1]:4711\"", "2001:db8::1");
        check("2001:db8:1:2:3:4:5:6:4711", "2001:db8:1:2:3:4:5:6");
        check("fe80::1%eth0", "fe80::1");
        check("[fe80::1%25eth0]:80", "fe80::1");
        check("::ffff:198.51.100.9", "198.51.100.9");
        check("[::ffff:198.51.100.9]:4711", "198.51.100.9");
        for text in [
            "",
            " , ",
            "unknown",
            "_hidden",
            "_SEVKISEK:_obf",
            "a name",
            "198.51.100.9:",
            "198.51.100.9:port",
            "[2001:db8::1",
            "[2001:db8::1]4711",
            "198.51.100.256",
            "\u{e4}",
        ] {
            check(text, "unknown");
        }
    }

    #[test]
    fn elements_of_forwarded_are_parsed() {
        let check = |lines: &[&'static str], expected: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| ("forwarded", *line)).collect();
            let headers = headers(&lines);
            let mut found: Vec<_> = hops(&headers)
                .map(|hop| match hop {
                    Hop::Address(address) => address.to_string(),
                    Hop::Unknown => "unknown".to_owned(),
                })
                .collect();
            found.reverse();
            assert_eq!(found, expected, "{lines:?}");
        };
        check(
            &["for=192.0.2.60;proto=http;by=203.0.113.43"],
            &["192.0.2.60"],
        );
        check(
            &["For=\"[2001:db8:cafe::17]:4711\""],
            &["2001:db8:cafe::17"],
        );
        check(
            &["for=192.0.2.43, for=198.51.100.17"],
            &["192.0.2.43", "198.51.100.17"],
        );
        check(
            &["for=192.0.2.43", "for=198.51.100.17"],
            &["192.0.2.43", "198.51.100.17"],
        );
        check(&["for=_hidden, for=unknown, by=192.0.2.1"], &["unknown"; 3]);
        check(
            &["for=\"a,b;c d\", for=192.0.2.1"],
            &["unknown", "192.0.2.1"],
        );
        check(&["for = 192.0.2.1 ; proto = https"], &["192.0.2.1"]);
        check(&[",, for=192.0.2.1 ,"], &["192.0.2.1"]);
    }

    #[test]
    fn the_first_proxy_states_the_scheme() {
        let check = |lines: &[(&'static str, &'static str)], expected| {
            assert_eq!(is_over_tls(&headers(lines)), expected, "{lines:?}");
        };
        check(&[("x-forwarded-proto", "https")], true);
        check(&[("x-forwarded-proto", "HTTPS, http")], true);
        check(
            &[
                ("x-forwarded-proto", "https"),
                ("x-forwarded-proto", "http"),
            ],
            true,
        );
        check(&[("x-forwarded-proto", "http, https")], false);
        check(&[("x-forwarded-proto", "")], false);
        check(
            &[(
                "forwarded",
                "for=192.0.2.1;proto=https, for=192.0.2.2;proto=http",
            )],
            true,
        );
        check(
            &[("forwarded", "proto=http"), ("forwarded", "proto=https")],
            false,
        );
        check(&[], false);
    }

    #[test]
    fn x_forwarded_headers_win_over_forwarded() {
        let forged = ("forwarded", "for=192.0.2.66;proto=https");
        let both = headers(&[forged, ("x-forwarded-for", "198.51.100.9")]);
        let expected = Hop::Address("198.51.100.9".parse().unwrap());
        assert_eq!(hops(&both).collect::<Vec<_>>(), [expected]);
        assert!(!is_over_tls(&both));
        let proto = headers(&[forged, ("x-forwarded-proto", "https")]);
        assert_eq!(hops(&proto).count(), 0);
    }

    #[test]
    fn the_text_of_a_client_hides_no_address_that_a_proxy_appended() {
        for (name, line) in [
            ("x-forwarded-for", b"\xff, 198.51.100.9".as_slice()),
            ("x-forwarded-for", b"\", 198.51.100.9"),
            ("forwarded", b"\xff, for=198.51.100.9"),
            ("forwarded", b"for=\"x, for=198.51.100.9"),
            ("forwarded", b"for=192.0.2.66;x=\", for=198.51.100.9"),
            ("forwarded", b"for=\"x, for=\"198.51.100.9\""),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(name, HeaderValue::from_bytes(line).unwrap());
            let nearest = hops(&headers).next();
            let expected = Hop::Address("198.51.100.9".parse().unwrap());
            assert_eq!(nearest, Some(expected), "{}", line.escape_ascii());
        }
    }
}
