//! What the entry service needs to know about the installation.

use super::trusted_proxies::TrustedProxies;

/// Settings of the entry service.
#[derive(Debug, Clone, Default)]
pub struct EntrySettings {
    /// The origin of links to this server, without a slash at the end. When absent, it is taken from the request.
    pub public_url: Option<String>,
    /// The proxies whose `X-Forwarded-…` headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether `/metrics` is served.
    pub metrics: bool,
}

impl EntrySettings {
    /// Whether the public URL is https.
    pub(crate) fn is_https(&self) -> bool {
        let url = self.public_url.as_deref();
        url.is_some_and(|url| url.starts_with("https://"))
    }
}
