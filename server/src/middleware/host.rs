//! The host that a request names.

use axum::{
    extract::Request,
    http::{HeaderMap, Version, header::HOST, uri::Authority},
};

/// Whether a request violates RFC 9112, section 3.2: one over HTTP/1.1 has exactly one `Host`, none has several, and
/// each is a host with or without a port. Proxies and servers that read different hosts from one request can be made to
/// disagree about it.
pub(crate) fn is_invalid(request: &Request) -> bool {
    is_invalid_for(request.version(), request.headers())
}

/// The host that a request names: in `Host`, or in `:authority` over HTTP/2. Empty if it names none.
pub(crate) fn named(request: &Request) -> &str {
    let header = request.headers().get(HOST);
    header
        .and_then(|host| host.to_str().ok())
        .or(request.uri().authority().map(Authority::as_str))
        .unwrap_or_default()
}

/// Whether requests to this path may name any host: probes and scrapers of the machine's own network ask for it, and
/// it says nothing about anyone.
pub(crate) fn is_any_allowed(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// The host without its port.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    }
}

fn is_invalid_for(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version == Version::HTTP_11,
        (Some(host), None) => !is_host(host.as_bytes()),
        (Some(_), Some(_)) => true,
    }
}

fn is_host(value: &[u8]) -> bool {
    let authority = Authority::try_from(value);
    authority
        .is_ok_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_request_names_one_host() {
        let check = |version, hosts: &[&'static str], expected| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, HeaderValue::from_static(host));
            }
            assert_eq!(
                is_invalid_for(version, &headers),
                expected,
                "{version:?} {hosts:?}"
            );
        };
        for valid in ["a.example", "a.example:80", "127.0.0.1", "[::1]:3000"] {
            check(Version::HTTP_11, &[valid], false);
        }
        for invalid in ["", "a b", ":80", "ada@a.example", "a/b", "a\tb"] {
            check(Version::HTTP_11, &[invalid], true);
        }
        check(Version::HTTP_11, &[], true);
        check(Version::HTTP_11, &["a.example", "b.example"], true);
        check(Version::HTTP_10, &[], false);
        // HTTP/2 names it in the pseudo-header `:authority`.
        check(Version::HTTP_2, &[], false);
    }
}
