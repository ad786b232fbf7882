//! `countersign audit`: is the record what it was? And taking it away.

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

/// Findings that are told one by one.
const TOLD: usize = 100;

/// What to do with the record.
#[derive(Subcommand)]
pub(crate) enum Act {
    /// Check every row of the record against its checkpoints; fails when one was edited, inserted, removed or swapped
    Verify {
        /// The file that checkpoints were written to; detects also that the newest rows were removed
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
    /// Write what is recorded to standard output, the oldest first. That it was taken is recorded
    Export(Box<Questions>),
}

/// What to take away.
#[derive(Args)]
pub(crate) struct Questions {
    /// What was done, or every call of the API: acts or calls
    #[arg(long, default_value = "acts", value_name = "RECORD")]
    what: String,
    /// A JSON object a line, or comma-separated values: ndjson or csv
    #[arg(long, default_value = "ndjson")]
    format: String,
    /// From this moment: milliseconds since 1970, or 2026-12-23T14:05 in UTC
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,
    /// To before this moment
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,
    /// By this person: their id or mail address, or an org token's id
    #[arg(long)]
    person: Option<String>,
    /// With the token of this id
    #[arg(long, value_name = "ID")]
    token: Option<String>,
    /// About this kind of thing, as dashboard or member
    #[arg(long)]
    kind: Option<String>,
    /// About the thing of this id
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// This was done, as create or sign_in
    #[arg(long)]
    action: Option<String>,
    /// It ended so: success, denied, failed, or a class of statuses as 5xx
    #[arg(long)]
    outcome: Option<String>,
    /// From this network address
    #[arg(long)]
    address: Option<String>,
}

impl Questions {
    /// What was asked, by the names addresses have for it.
    fn given(&self) -> Vec<(String, String)> {
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
        ];
        let given = given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)));
        given
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// Does it.
pub(crate) async fn run(config: &Config, act: Act) -> anyhow::Result<()> {
    match act {
        Act::Verify { against } => verify(config, against).await,
        Act::Export(questions) => export(config, &questions).await,
    }
}

async fn export(config: &Config, questions: &Questions) -> anyhow::Result<()> {
    let what = EntryKind::from_label(&questions.what).context("the record is acts or calls")?;
    let format = ExportFormat::parse(&questions.format)?;
    let service = open(config).await?;
    let mut given = questions.given();
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
    while let Some(piece) = export.next_piece().await? {
        // Nobody listening any more is no reason to complain.
        match out.write_all(&piece) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            written => written.context("standard output cannot be written to")?,
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
    tell(&verdict?)
}

fn tell(verdict: &Verdict) -> anyhow::Result<()> {
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
    for finding in verdict.findings.iter().take(TOLD) {
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
