//! URLs in the audit log: the path and query of a webhook's URL are a credential.

use sha2::{Digest as _, Sha256};

/// Bytes of the digest that distinguish two masked URLs: enough to show that a URL changed, too few to find it.
const DIGEST_BYTES: usize = 3;

/// Replaces everything after the host by a short digest of the URL, which shows whether it changed. A text that is not
/// a URL is replaced as a whole.
#[must_use]
pub(crate) fn masked_url(url: &str) -> String {
    if url.is_empty() {
        return String::new();
    }
    let digest = Sha256::digest(url.as_bytes());
    let digest: String = digest[..DIGEST_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let Some((scheme, rest)) = url.split_once("://") else {
        return format!("(secret {digest})");
    };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
    if authority.contains('@') {
        return format!("{scheme}://(secret {digest})");
    }
    match &rest[authority.len()..] {
        "" | "/" => format!("{scheme}://{authority}"),
        _ => format!("{scheme}://{authority}/(secret {digest})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scheme_and_host_are_shown() {
        for (url, shown) in [
            ("", ""),
            ("https://example.com", "https://example.com"),
            ("https://example.com:8443/", "https://example.com:8443"),
        ] {
            assert_eq!(masked_url(url), shown);
        }
        for (url, start) in [
            (
                "https://hooks.example.com/services/hunter2",
                "https://hooks.example.com/(secret ",
            ),
            (
                "https://example.com?key=hunter2",
                "https://example.com/(secret ",
            ),
            ("https://user:hunter2@example.com/", "https://(secret "),
            ("hunter2", "(secret "),
        ] {
            let masked = masked_url(url);
            assert!(
                masked.starts_with(start) && !masked.contains("hunter2"),
                "{masked}"
            );
        }
        assert_ne!(
            masked_url("https://a.example/1"),
            masked_url("https://a.example/2")
        );
    }
}
