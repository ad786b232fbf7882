//! `countersign serve`: runs the server.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::Context as _;
use service::{OpenError, Service};
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};

use super::{check_files, open_to_serve, say};
use crate::{
    config::Config,
    entry_service,
    middleware::{entry::EntryService, settings::EntrySettings},
    serving::{listen, signals::Signals, starting},
    site::Site,
};

/// The pause between two attempts to open the database at start. Each attempt also waits for a connection.
const OPEN_PAUSE: Duration = Duration::from_secs(1);

/// The minimum time for storing buffered data when the server stops.
const STORE_TIMEOUT: Duration = Duration::from_millis(2_500);

/// How long stopping may take in all: containers are killed after 10 s.
const STOP_TIMEOUT: Duration = Duration::from_millis(7_500);

/// Serves until stopped. Prints a set-up link if there is no organization.
pub(crate) async fn run(config: &Config, reload: &dyn Fn()) -> anyhow::Result<()> {
    config.check_transport()?;
    check_files(config)?;
    let listener = bind(config.listen).await?;
    // Without them, a process that is PID 1, as in a container, would not end at SIGTERM.
    let mut signals = signals()?;
    let service = tokio::select! {
        service = open_when_reachable(config) => service?,
        () = signals.stop() => {
            tracing::info!("Stopped before the database was reached.");
            return Ok(());
        }
        never = starting::serve(&listener) => match never {},
    };
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
    serve(config, service, listener, signals, Some(reload)).await
}

/// Opens the service, and tries again until the database can be reached.
async fn open_when_reachable(config: &Config) -> anyhow::Result<Service> {
    loop {
        let error = match open_to_serve(config).await {
            Ok(service) => return Ok(service),
            Err(error) => error,
        };
        if !error
            .downcast_ref::<OpenError>()
            .is_some_and(OpenError::is_outage)
        {
            return Err(error);
        }
        tracing::warn!(
            error = format!("{error:#}"),
            "The database cannot be reached. The server starts as soon as it can."
        );
        sleep(OPEN_PAUSE).await;
    }
}

/// Starts listening for signals.
pub(super) fn signals() -> anyhow::Result<Signals> {
    Signals::listen().context("signals cannot be received")
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

/// Serves until stopped, then stores buffered data. SIGHUP calls `reload`, or stops the server without one.
pub(super) async fn serve(
    config: &Config,
    service: Service,
    listener: TcpListener,
    signals: Signals,
    reload: Option<&dyn Fn()>,
) -> anyhow::Result<()> {
    let entry = entry(config, &service);
    let proxies = &config.trusted_proxies;
    let stopped_at = listen::serve(listener, entry, proxies, signals, reload).await;
    let left = STOP_TIMEOUT.saturating_sub(stopped_at.elapsed());
    timeout(left.max(STORE_TIMEOUT), service.close())
        .await
        .context("buffered data could not be stored in time")?
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
        cors_origins: config.cors_origins.clone(),
        hsts_subdomains: config.hsts_subdomains,
        trusted_proxies: config.trusted_proxies.clone(),
        metrics: config.metrics,
    };
    entry_service(service.clone(), settings, site)
}
