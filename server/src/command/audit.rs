//! `countersign audit …`: verifies and exports the audit log.

use std::{
    io::{ErrorKind, Write as _, stdout},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::audit::query::{AuditFilter, EntryKind};
use service::{ExportFormat, Verdict};

use super::{open, say};
use crate::config::Config;

/// Findings that are printed.
const PRINTED_FINDINGS: usize = 100;

/// The commands for the audit log.
#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Verify every row of the audit log against the checkpoints; fails if a row was edited, inserted, removed or
    /// swapped
    Verify {
        /// The file that checkpoints were copied to; also detects that the newest rows were removed
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
    /// Write the audit log to standard output, oldest first; the export is an audit event
    Export(Box<ExportOptions>),
}

/// What to export.
#[derive(Args)]
pub(crate) struct ExportOptions {
    /// Which log: events or calls
    #[arg(long, default_value = "events", value_name = "ENTRIES")]
    what: String,
    /// The format: ndjson or csv
    #[arg(long, default_value = "ndjson")]
    format: String,
    /// Start of the range: milliseconds since 1970, or UTC like 2026-12-23T14:05
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// End of the range, exclusive
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Only entries by this actor: a user's id or email address, or an org token's id
    #[arg(long)]
    person: Option<String>,
    /// Only entries with the token that has this id
    #[arg(long, value_name = "ID")]
    token: Option<String>,
    /// Only entries about objects of this kind, like dashboard or member
    #[arg(long)]
    kind: Option<String>,
    /// Only entries about the object with this id
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// Only entries with this action, like create or sign_in
    #[arg(long)]
    action: Option<String>,
    /// Only entries with this outcome: success, denied, failed, or a class of statuses like 5xx
    #[arg(long)]
    outcome: Option<String>,
    /// Only entries from this network address
    #[arg(long)]
    address: Option<String>,
    /// Only entries of the request with this id, from X-Request-Id
    #[arg(long, value_name = "ID")]
    request: Option<String>,
}

impl ExportOptions {
    /// Returns the given filters, by the names that they have in a URL.
    fn filters(&self) -> Vec<(String, String)> {
        let given = [
            ("from", &self.from),
            ("to", &self.to),
            ("person", &self.person),
            ("token", &self.token),
            ("kind", &self.kind),
            ("object", &self.object),
            ("action", &self.action),
            ("outcome", &self.outcome),
            ("address", &self.address),
            ("request", &self.request),
        ];
        let given = given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)));
        given
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// Runs the command.
pub(crate) async fn run(config: &Config, command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify { against } => verify(config, against).await,
        AuditCommand::Export(options) => export(config, &options).await,
    }
}

async fn export(config: &Config, options: &ExportOptions) -> anyhow::Result<()> {
    let what = EntryKind::from_label(&options.what).context("--what is events or calls")?;
    let format = ExportFormat::parse(&options.format)?;
    let service = open(config).await?;
    let mut given = options.filters();
    service.audit().resolve_person(&mut given).await?;
    let filter = AuditFilter::parse(|name| {
        let pair = given.iter().find(|(given, _)| given == name);
        pair.map(|(_, value)| value.as_str())
    })?;
    let caller = service.system_caller().await?;
    let mut export = service
        .audit()
        .export(&caller, what, &filter, format)
        .await?;
    let mut out = stdout().lock();
    while let Some(piece) = export.next_chunk().await? {
        // A closed pipe, like `| head`, is not an error.
        match out.write_all(&piece) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            written => written.context("cannot write to standard output")?,
        }
    }
    drop(export);
    service.close().await?;
    Ok(())
}

async fn verify(config: &Config, against: Option<PathBuf>) -> anyhow::Result<()> {
    let file = match &against {
        None => None,
        Some(path) => {
            let text = tokio::fs::read_to_string(path).await;
            Some(text.with_context(|| format!("cannot read {}", path.display()))?)
        }
    };
    let service = open(config).await?;
    let verdict = service.audit().verify(file.as_deref()).await;
    service.close().await?;
    report(&verdict?)
}

fn report(verdict: &Verdict) -> anyhow::Result<()> {
    say(&format!(
        "Verified {} checkpoints, which cover {} events and {} blocks of calls. Not covered yet: {} events, {} blocks.",
        verdict.checkpoints,
        verdict.events,
        verdict.blocks,
        verdict.uncovered_events,
        verdict.uncovered_blocks,
    ));
    if (verdict.removed_events, verdict.removed_blocks) != (0, 0) {
        say(&format!(
            "Retention has removed {} events and {} blocks of calls.",
            verdict.removed_events, verdict.removed_blocks,
        ));
    }
    for finding in verdict.findings.iter().take(PRINTED_FINDINGS) {
        say(&finding.to_string());
    }
    match verdict.findings.len() {
        0 => {
            say("The audit log is unchanged since its checkpoints.");
            Ok(())
        }
        count => bail!("the audit log was changed: {count} findings"),
    }
}
