//! `countersign serve`: the server.

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

/// Serves until it is asked to stop.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
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
        say("The link is good for 15 minutes and for one use.");
    }
    serve(config, service, listener).await
}

/// Takes the address to listen on.
pub(super) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))
}

/// Says where the server listens, and gives that address as a browser takes it.
pub(super) fn announce(listener: &TcpListener) -> anyhow::Result<String> {
    let mut address = listener.local_addr()?;
    // Nobody can go to "every address of this machine".
    if address.ip() == Ipv4Addr::UNSPECIFIED {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    } else if address.ip() == Ipv6Addr::UNSPECIFIED {
        address.set_ip(Ipv6Addr::LOCALHOST.into());
    }
    let address = format!("http://{address}");
    say(&format!("Countersign listens on {address}"));
    Ok(address)
}

/// Answers until asked to stop, then stores what is still in memory.
pub(super) async fn serve(
    config: &Config,
    service: Service,
    listener: TcpListener,
) -> anyhow::Result<()> {
    let entry = entry(config, &service);
    listen::serve(listener, entry, listen::stop_signal()).await;
    service
        .close()
        .await
        .context("what was gathered in memory could not be stored")?;
    tracing::info!("Stopped.");
    Ok(())
}

/// Returns the entry service with these settings.
pub(super) fn entry(config: &Config, service: &Service) -> EntryService {
    let site = Site::open(config.site_dir.clone());
    if !site.is_built() {
        tracing::warn!(
            "The browser side is not built; pages have no style. `cargo xtask serve` builds it."
        );
    }
    let settings = EntrySettings {
        public_url: config.public_url.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        metrics: config.metrics,
    };
    entry_service(service.clone(), settings, site)
}
