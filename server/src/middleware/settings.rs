//! What the entry service needs to know about the installation.

use super::{host::without_port, trusted_proxies::TrustedProxies};

/// Settings of the entry service.
#[derive(Debug, Clone, Default)]
pub struct EntrySettings {
    /// The origin of links to this server, without a slash at the end. When absent, it is taken from the request.
    pub public_url: Option<String>,
    /// Hosts that requests may name besides that of the public URL, in lower case. One without a port is allowed with
    /// every port.
    pub allowed_hosts: Vec<String>,
    /// The origins of pages that may call the API, in lower case.
    pub cors_origins: Vec<String>,
    /// Whether HSTS includes subdomains.
    pub hsts_subdomains: bool,
    /// The proxies whose `X-Forwarded-…` headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether `/metrics` is served.
    pub metrics: bool,
}

impl EntrySettings {
    /// Whether a request may name this host. Without a public URL, every host is allowed; with one, only its own and
    /// those of the settings, so that a page of another site, whose name is made to resolve to this server, cannot read
    /// responses (DNS rebinding).
    pub(crate) fn allows_host(&self, host: &str) -> bool {
        let Some(url) = self.public_url.as_deref() else {
            return true;
        };
        let (ours, default_port) = match url.split_once("://") {
            Some(("https", ours)) => (ours, ":443"),
            Some((_, ours)) => (ours, ":80"),
            None => (url, ""),
        };
        let named = host.strip_suffix(default_port).unwrap_or(host);
        named.eq_ignore_ascii_case(ours.trim_end_matches('/'))
            || self.allowed_hosts.iter().any(|allowed| {
                host.eq_ignore_ascii_case(allowed)
                    || without_port(host).eq_ignore_ascii_case(allowed)
            })
    }

    /// Whether the public URL is https.
    pub(crate) fn is_https(&self) -> bool {
        let url = self.public_url.as_deref();
        url.is_some_and(|url| url.starts_with("https://"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_a_public_url_only_its_host_is_allowed() {
        let check = |url: Option<&str>, host: &str, expected: bool| {
            let settings = EntrySettings {
                public_url: url.map(str::to_owned),
                allowed_hosts: vec!["inside:3000".to_owned(), "127.0.0.7".to_owned()],
                ..EntrySettings::default()
            };
            assert_eq!(settings.allows_host(host), expected, "{url:?} {host}");
        };
        let url = Some("https://countersign.example");
        check(url, "countersign.example", true);
        check(url, "Countersign.Example", true);
        check(url, "countersign.example:443", true);
        check(url, "countersign.example:80", false);
        check(url, "countersign.example:8443", false);
        check(url, "countersign.example.evil.example", false);
        check(url, "127.0.0.1:3000", false);
        check(url, "", false);
        check(url, "inside:3000", true);
        check(url, "inside", false);
        check(url, "127.0.0.7:3000", true);
        check(url, "127.0.0.7", true);
        check(Some("http://lan:8080"), "lan:8080", true);
        check(Some("http://lan"), "lan:80", true);
        check(None, "anything.example", true);
    }
}
