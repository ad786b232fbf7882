//! Normalizes slashes in paths: doubled slashes become one, and one at the end is removed (docs/contract.md#routing).
//!
//! There is no redirect: clients would repeat the request as a GET. Nothing else changes, so `%2F` stays in its segment
//! until the segment is decoded.

use axum::http::{Uri, uri::PathAndQuery};

/// Normalizes the path in place. One that is normal already, as nearly all are, costs no allocation.
pub(crate) fn normalize(uri: &mut Uri) {
    if is_normal(uri.path()) {
        return;
    }
    let mut path = String::with_capacity(uri.path().len());
    for segment in uri.path().split('/').filter(|segment| !segment.is_empty()) {
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() {
        path.push('/');
    }
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    let mut parts = std::mem::take(uri).into_parts();
    parts.path_and_query = PathAndQuery::from_maybe_shared(path).ok();
    *uri = Uri::from_parts(parts).unwrap_or_default();
}

fn is_normal(path: &str) -> bool {
    !path.starts_with('/') || path == "/" || !(path.ends_with('/') || path.contains("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &'static str, expected: &str) {
        let mut uri = Uri::from_static(given);
        normalize(&mut uri);
        assert_eq!(uri.to_string(), expected, "{given}");
    }

    #[test]
    fn slashes_are_normalized_and_nothing_else() {
        check("/v2/session", "/v2/session");
        check("//v2/session", "/v2/session");
        check("/v2//dashboard///x/?q=a//b/", "/v2/dashboard/x?q=a//b/");
        check("/v2/token/a%2Fb/", "/v2/token/a%2Fb");
        check("/v2/token/%2F%2F", "/v2/token/%2F%2F");
        check("/", "/");
        check("///", "/");
        check("///?a=b", "/?a=b");
        check("http://host//a/", "http://host/a");
        check("*", "*");
    }
}
