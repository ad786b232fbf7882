//! `countersign import …`: copies the objects of another organization into this database
//! (docs/operations.md#moving-from-splunk-observability-cloud). It can be repeated: what was imported before is updated
//! when it changed at the source.

mod copy;
mod fetched;
mod people;
mod reader;
mod report;
mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use service::{Access, HttpSource, Service};
use zeroize::Zeroizing;

use self::{copy::Copying, fetched::Fetched, reader::Reader};
use super::open;
use crate::config::Config;

/// The commands for imports.
#[derive(Subcommand)]
pub(crate) enum ImportCommand {
    /// Copy teams, dashboards, charts, detectors, muting rules, data links, SLOs and integrations from an organization of
    /// Splunk Observability Cloud, or of another Countersign; what was copied before is updated
    Signalfx(Signalfx),
}

/// Where to import from.
#[derive(Args)]
pub(crate) struct Signalfx {
    /// The address of its API, like https://api.us1.signalfx.com
    #[arg(long, value_name = "URL")]
    api: String,
    /// A file with a user API access token of an administrator there
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
}

/// Runs the command. Fails when an object could not be imported.
pub(crate) async fn run(config: &Config, command: ImportCommand) -> anyhow::Result<()> {
    let ImportCommand::Signalfx(given) = command;
    let token = token_in(&given.token_file)?;
    let source = HttpSource::new(&given.api, &token).context("--api cannot be used")?;
    let service = open(config, Access::Change).await?;
    let failed = import(&service, &source).await;
    service.close().await?;
    match failed? {
        0 => Ok(()),
        1 => anyhow::bail!("1 object could not be imported"),
        failed => anyhow::bail!("{failed} objects could not be imported"),
    }
}

/// Returns the number of objects that could not be imported. Nothing is changed before the whole source was read.
async fn import(service: &Service, source: &HttpSource) -> anyhow::Result<usize> {
    let caller = service
        .system_caller()
        .await
        .context("the organization must be set up first")?;
    let fetched = Fetched::from(&Reader::of(source)).await?;
    let people = people::accounts_of(service, &fetched.people).await?;
    let mut copying = Copying::begin(service, caller, source.url(), people).await?;
    copying.copy(&fetched).await?;
    Ok(report::print(&copying, &fetched))
}

fn token_in(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let text = std::fs::read_to_string(file);
    let text = Zeroizing::new(text.with_context(|| format!("cannot read {}", file.display()))?);
    let token = Zeroizing::new(text.trim().to_owned());
    ensure!(!token.is_empty(), "{} is empty", file.display());
    Ok(token)
}
