//! `countersign migrate`: migrates the database schema to this version. `serve` also does so when it starts.

use service::Access;

use super::{open, say};
use crate::config::Config;

/// Opens the database, which migrates it.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let service = open(config, Access::Migrate).await?;
    say(&format!(
        "The {} database is up to date.",
        service.database()
    ));
    Ok(service.close().await?)
}
