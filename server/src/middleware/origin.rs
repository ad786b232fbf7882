//! Protection against cross-site request forgery: whether a change comes from one of our own pages.
//!
//! A browser sends our cookie with every request, also with one that another site's page makes. `Sec-Fetch-Site`
//! states where a request comes from, and no page can forge it; browsers send it to https and localhost. Elsewhere
//! (plain http on a LAN) the `Origin` of a POST states the same. A request with neither is denied: every browser in
//! use sends one.

use axum::http::{
    HeaderMap,
    header::{HOST, ORIGIN},
};

/// Whether a request comes from a page of ours, so that it may change something.
#[must_use]
pub(crate) fn is_from_our_page(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").into_iter().peekable();
    if sites.peek().is_some() {
        return sites.all(|site| site.as_bytes() == b"same-origin");
    }
    let mut origins = headers.get_all(ORIGIN).into_iter().peekable();
    origins.peek().is_some()
        && origins.all(|origin| {
            let origin = origin.to_str();
            origin.is_ok_and(|origin| is_ours(origin, headers, public_url))
        })
}

/// Whether an origin is that of the public URL, or the one that this request was sent to.
fn is_ours(origin: &str, headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let ours = public_url.map(|url| url.trim_end_matches('/'));
    if ours == Some(origin) {
        return true;
    }
    let named = host_of(origin);
    if named == ours.and_then(host_of) {
        // The host of the public URL with another scheme.
        return false;
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    named.is_some() && named == host
}

/// The host and port of an origin.
fn host_of(origin: &str) -> Option<&str> {
    origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const PUBLIC: Option<&str> = Some("https://countersign.example");

    fn check(given: &[(&'static str, &'static str)], expected: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        assert_eq!(is_from_our_page(&headers, PUBLIC), expected, "{given:?}");
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://countersign.example"),
            ],
            false,
        );
        check(&[("sec-fetch-site", "none")], false);
        check(&[("origin", "https://countersign.example")], true);
        check(&[("origin", "https://countersign.example.evil")], false);
        check(&[("origin", "http://lan:3000"), ("host", "lan:3000")], true);
        let other_scheme = [
            ("origin", "http://countersign.example"),
            ("host", "countersign.example"),
        ];
        check(&other_scheme, false);
        check(
            &[("origin", "http://lan:3001"), ("host", "lan:3000")],
            false,
        );
        check(&[("origin", "null"), ("host", "null")], false);
        check(&[("host", "lan:3000")], false);
        check(&[], false);
    }
}
