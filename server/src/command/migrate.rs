//! `countersign migrate`: migrates the database schema to this version. `serve` also does so when it starts. With
//! `--to` it moves a SQLite database to PostgreSQL.

use anyhow::Context as _;
use clap::Args;
use service::{Access, Moving, Service, Settings};

use super::{open, say, settings};
use crate::config::Config;

/// Whether to move the database.
#[derive(Args)]
pub(crate) struct MigrateOptions {
    /// Move the SQLite database, which no server may use, to this empty PostgreSQL database: postgres://…
    #[arg(
        long,
        env = "COUNTERSIGN_MIGRATE_TO",
        value_name = "URL",
        hide_env_values = true
    )]
    to: Option<String>,
}

/// Opens the database, which migrates it; or moves it.
pub(crate) async fn run(config: &Config, options: &MigrateOptions) -> anyhow::Result<()> {
    if let Some(to) = &options.to {
        return move_to(config, to).await;
    }
    let service = open(config, Access::Migrate).await?;
    say(&format!(
        "The {} database is up to date.",
        service.database()
    ));
    Ok(service.close().await?)
}

/// Moves the database, and verifies the audit log of the result.
async fn move_to(config: &Config, to: &str) -> anyhow::Result<()> {
    let settings = settings(config, Access::Read, None);
    let mut moving = Moving::begin(&settings, to)
        .await
        .context("nothing was moved")?;
    let (mut tables, mut rows) = (0, 0);
    while let Some(moved) = moving.move_table().await.context("nothing was moved")? {
        say(&format!("{}: {}", moved.name, moved.rows));
        (tables, rows) = (tables + 1, rows + moved.rows);
    }
    moving.finish().await.context("nothing was moved")?;
    say(&format!(
        "Moved {rows} rows of {tables} tables. Each table has as many rows as before."
    ));
    verify(&settings, to)
        .await
        .context("the rows were moved, and the audit log of the destination was not verified")?;
    say(
        "Set the new database URL, and keep the master key, the checkpoint file and the ingest folder, before a server \
         starts. The SQLite file is unchanged; no server may use it again.",
    );
    Ok(())
}

async fn verify(settings: &Settings, to: &str) -> anyhow::Result<()> {
    let moved = Service::open(Settings {
        database_url: to.to_owned(),
        // Its default is beside the file.
        master_key_file: Some(settings.master_key_file()),
        ..settings.clone()
    });
    let moved = moved.await?;
    let keys = moved.key_status().await?.accepted.join(" or ");
    say(&format!("The destination needs the master key {keys}."));
    let verdict = moved.audit().verify(None).await;
    moved.close().await?;
    super::audit::report(&verdict?)
}
