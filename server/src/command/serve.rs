//! `countersign serve`: runs the server.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Context as _;
use service::Service;
use tokio::net::TcpListener;

use super::{open_to_serve, say};
use crate::{
    config::Config,
    entry_service,
    middleware::{entry::EntryService, settings::EntrySettings},
    serving::listen,
    site::Site,
};

/// Serves until stopped. Prints a set-up link if there is no organization.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    config.check_transport()?;
    let service = open_to_serve(config).await?;
    let listener = bind(config.listen).await?;
    let address = announce(&listener)?;
    if service.identity().needs_setup().await? {
        let claim = service.identity().issue_claim().await?;
        let base = config.public_url.clone().unwrap_or(address);
        say(&format!(
            "Set up Countersign: {base}/setup?claim={}",
            claim.reveal()
        ));
        say("The link is valid for 15 minutes and can be used once.");
    }
    serve(config, service, listener).await
}

/// Binds the address to listen on.
pub(super) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))
}

/// Prints and returns the URL of the server.
pub(super) fn announce(listener: &TcpListener) -> anyhow::Result<String> {
    let mut address = listener.local_addr()?;
    // A browser cannot open the unspecified address.
    if address.ip() == Ipv4Addr::UNSPECIFIED {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    } else if address.ip() == Ipv6Addr::UNSPECIFIED {
        address.set_ip(Ipv6Addr::LOCALHOST.into());
    }
    let address = format!("http://{address}");
    say(&format!("Countersign listens on {address}"));
    Ok(address)
}

/// Serves until stopped, then stores what is buffered in memory.
pub(super) async fn serve(
    config: &Config,
    service: Service,
    listener: TcpListener,
) -> anyhow::Result<()> {
    let entry = entry(config, &service);
    let proxies = &config.trusted_proxies;
    listen::serve(listener, entry, proxies, listen::stop_signal()).await;
    service
        .close()
        .await
        .context("buffered data could not be stored")?;
    tracing::info!("Stopped.");
    Ok(())
}

/// Returns the entry service with these settings.
pub(super) fn entry(config: &Config, service: &Service) -> EntryService {
    let site = Site::open(config.site_dir.clone());
    if !site.is_built() {
        tracing::warn!(
            "The browser files are not built, so pages have no style. `cargo xtask serve` builds them."
        );
    }
    let settings = EntrySettings {
        public_url: config.public_url.clone(),
        allowed_hosts: config.allowed_hosts.clone(),
        hsts_subdomains: config.hsts_subdomains,
        trusted_proxies: config.trusted_proxies.clone(),
        metrics: config.metrics,
    };
    entry_service(service.clone(), settings, site)
}
