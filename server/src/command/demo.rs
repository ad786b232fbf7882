//! `countersign demo`: the server over a throw-away database with something in it, to look around.

mod people;
mod traffic;
mod week;

use std::path::Path;

use anyhow::Context as _;
use service::{Clock, IngestSettings, KeepDays, Service, Settings};

use self::people::{ADA, GRACE, KAREN, PASSWORD, Person};
use super::{say, serve};
use crate::config::Config;

/// Fills a new database with a week and serves until asked to stop; then the database is gone.
pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new()
        .prefix("countersign-demo-")
        .tempdir()?;
    let org_token = live_through_a_week(folder.path())
        .await
        .context("the demonstration could not be made")?;
    let service = open(
        folder.path(),
        Clock::system(),
        Some(IngestSettings::default()),
    )
    .await?;
    let listener = serve::bind(config.listen).await?;
    let address = serve::announce(&listener)?;
    say(&format!(
        "Sign in at {address}/signin with the password: {PASSWORD}"
    ));
    for Person { name, email, role } in [ADA, GRACE, KAREN] {
        say(&format!("  {email}  {name}, {}", role.label()));
    }
    say(&format!(
        "An org token for the API, with the role power: {org_token}"
    ));
    serve::serve(&config, service, listener).await
}

/// The same service, a week ago and since: its clock is set by hand, so that acts are as old as they are told to be.
async fn live_through_a_week(folder: &Path) -> anyhow::Result<String> {
    let now = Clock::system().now();
    let clock = Clock::standing_at(now.plus_days(-7));
    let service = open(folder, clock.clone(), None).await?;
    let org_token = week::live(&service, &clock, now).await?;
    service.close().await?;
    Ok(org_token)
}

async fn open(
    folder: &Path,
    clock: Clock,
    ingest: Option<IngestSettings>,
) -> anyhow::Result<Service> {
    let settings = Settings {
        database_url: format!("sqlite:{}", folder.join("countersign.db").display()),
        master_key_file: Some(folder.join("master.key")),
        clock,
        allow_private_targets: false,
        aws_account_arn: None,
        checkpoint_file: None,
        keep: KeepDays::default(),
        sinks: Vec::new(),
        mail: None,
        ingest,
    };
    Ok(Service::open(settings).await?)
}
