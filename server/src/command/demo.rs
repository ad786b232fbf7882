//! `countersign demo`: the server with a temporary database that contains a week of sample data.

mod access;
mod objects;
mod people;
mod traffic;
mod week;

use std::path::Path;

use anyhow::Context as _;
use domain::identity::session::IdleTimeouts;
use service::{Access, Clock, IngestSettings, KeepDays, Service, Settings};

use self::people::{ADA, GRACE, KAREN, PASSWORD, Person};
use super::{say, serve};
use crate::config::Config;

/// Creates a database with sample data, serves until stopped, and deletes the database.
pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new()
        .prefix("countersign-demo-")
        .tempdir()?;
    let org_token = create_week(folder.path())
        .await
        .context("the sample data could not be created")?;
    let service = open(
        folder.path(),
        Clock::system(),
        Some(IngestSettings::default()),
    )
    .await?;
    config.check_transport()?;
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
    serve::serve(&config, service, listener, serve::signals()?, None).await
}

/// Creates the sample data with a service whose clock starts a week ago and is set forward.
async fn create_week(folder: &Path) -> anyhow::Result<String> {
    let now = Clock::system().now();
    let clock = Clock::standing_at(now.plus_days(-7));
    let service = open(folder, clock.clone(), None).await?;
    let org_token = week::run(&service, &clock, now).await?;
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
        access: Access::Migrate,
        master_key: None,
        master_key_file: Some(folder.join("master.key")),
        clock,
        allow_private_targets: false,
        aws_account_arn: None,
        checkpoint_file: None,
        keep: KeepDays::default(),
        sinks: Vec::new(),
        mail: None,
        idle_timeouts: IdleTimeouts::default(),
        ingest,
        operator: None,
    };
    Ok(Service::open(settings).await?)
}
