//! `countersign backup` and `countersign restore`: copies of a database that is a file. PostgreSQL has programs of its
//! own for both (docs/operations.md#backup-and-restore).

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args;
use service::{Access, restore};

use super::{open, say, settings};
use crate::config::Config;

/// What to write to.
#[derive(Args)]
pub(crate) struct BackupOptions {
    /// The new file
    file: PathBuf,
}

/// What to restore.
#[derive(Args)]
pub(crate) struct RestoreOptions {
    /// A file from `countersign backup`
    file: PathBuf,
}

/// Writes a backup. The server may run.
pub(crate) async fn back_up(config: &Config, options: &BackupOptions) -> anyhow::Result<()> {
    ensure!(
        config.database_url.is_file(),
        "PostgreSQL is backed up with its own programs: `pg_dump --format=custom --file=FILE URL`, or `pg_basebackup` \
         and an archive of its write-ahead log to restore any moment. The master key is not in either. A restored database \
         is checked with `countersign check` and `countersign audit verify`"
    );
    let service = open(config, Access::Read).await?;
    let made = service.back_up(&options.file).await;
    service.close().await?;
    let made = made.context("the database was not backed up")?;
    say(&format!(
        "The backup ends with event {} and checkpoint {}.",
        made.event, made.checkpoint
    ));
    say(&format!(
        "It needs the master key {}, which is not in it.",
        made.key_ids.join(" or ")
    ));
    Ok(())
}

/// Restores a backup. The server must not run.
pub(crate) async fn run_restore(config: &Config, options: &RestoreOptions) -> anyhow::Result<()> {
    ensure!(
        config.database_url.is_file(),
        "PostgreSQL is restored with its own programs: `pg_restore --create --dbname=URL FILE` into an empty server. \
         Then run `countersign check` and `countersign audit verify`"
    );
    let settings = settings(config, Access::Migrate, None);
    let restored = restore(&settings, &options.file)
        .await
        .context("nothing was restored")?;
    super::audit::report(&restored.verdict)?;
    super::audit::say_unchecked(&restored.verdict, false);
    if let Some(kept) = &restored.replaced {
        say(&format!("The replaced database is {}.", kept.display()));
    }
    say("Restored. Changes since the backup are missing, revocations too: repeat them.");
    Ok(())
}
