//! The path as the routes see it: duplicate slashes are one, and one at the end is none (docs/contract.md#routing).
//!
//! Never a redirect: clients would send the request again as a GET. The path stays as it was sent otherwise, so a
//! `%2F` belongs to its segment until that is decoded.

use axum::http::{Uri, uri::PathAndQuery};

/// Mends the path in place. A tidy one, which is nearly every one, costs a glance and no allocation.
pub(crate) fn tidy(uri: &mut Uri) {
    if is_tidy(uri.path()) {
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

fn is_tidy(path: &str) -> bool {
    !path.starts_with('/') || path == "/" || !(path.ends_with('/') || path.contains("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &'static str, expected: &str) {
        let mut uri = Uri::from_static(given);
        tidy(&mut uri);
        assert_eq!(uri.to_string(), expected, "{given}");
    }

    #[test]
    fn slashes_are_tidied_and_all_else_stays() {
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
