//! `countersign audit …`: verifies and exports the audit log. Both only read the database, so that evidence stays as it
//! is. Start with [`run`]; [`evidence`] verifies with the public key of the log.

mod evidence;
mod log_key;

use std::{
    io::{ErrorKind, Write as _, stdout},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::audit::query::{AuditFilter, EntryKind};
use service::{Access, ExportFormat, StateVerdict, Verdict};

use self::{
    evidence::{BundleOptions, EvidenceOptions},
    log_key::KeyCommand,
};
use super::{counted, open, say};
use crate::config::Config;

/// Findings that are printed.
const PRINTED_FINDINGS: usize = 100;

/// The commands for the audit log.
#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Verify every row of the audit log against the checkpoints, and change nothing; fails if a row was edited, inserted,
    /// removed or swapped, and if there is nothing to verify
    Verify {
        /// The file that checkpoints were copied to; also detects that the newest rows were removed
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
        /// Also compare the rows of objects, teams, members, tokens, sessions and invitations with the audit log; fails if
        /// one was edited, added, removed or put back
        #[arg(long)]
        state: bool,
        #[command(flatten)]
        evidence: EvidenceOptions,
    },
    /// Write the audit log to standard output, oldest first; changes nothing, so the export is no audit event
    Export(Box<ExportOptions>),
    /// Print the public key of the log, with which anyone can verify it; or replace it
    #[command(args_conflicts_with_subcommands = true)]
    Key {
        #[command(subcommand)]
        command: Option<KeyCommand>,
    },
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
    #[command(flatten)]
    bundle: BundleOptions,
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
        AuditCommand::Verify {
            against,
            state,
            evidence,
        } => match evidence.public_key {
            Some(_) => verify_evidence(config, &evidence).await,
            None => verify(config, against, state).await,
        },
        AuditCommand::Export(options) => match &options.bundle.bundle {
            Some(file) => evidence::export(config, file, &options.bundle).await,
            None => export(config, &options).await,
        },
        AuditCommand::Key { command } => log_key::run(config, command).await,
    }
}

async fn export(config: &Config, options: &ExportOptions) -> anyhow::Result<()> {
    let what = EntryKind::from_label(&options.what).context("--what is events or calls")?;
    let format = ExportFormat::parse(&options.format)?;
    let service = open(config, Access::Read).await?;
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

async fn verify(config: &Config, against: Option<PathBuf>, state: bool) -> anyhow::Result<()> {
    let file = match &against {
        None => None,
        Some(path) => {
            let text = tokio::fs::read_to_string(path).await;
            Some(text.with_context(|| format!("cannot read {}", path.display()))?)
        }
    };
    let service = open(config, Access::Read).await?;
    let verdict = service.audit().verify(file.as_deref()).await;
    let states = match state {
        true => Some(service.audit().verify_states().await),
        false => None,
    };
    let needs_setup = service.identity().needs_setup().await;
    service.close().await?;
    let verdict = verdict?;
    let mut verified = report(&verdict);
    if let Some(states) = states {
        verified = verified.and(report_states(&states?));
    }
    say_unchecked(&verdict, file.is_some());
    if verified.is_ok() && is_empty(&verdict) {
        bail!(nothing_to_verify(needs_setup?));
    }
    verified
}

/// Verifies with the public key of the log.
async fn verify_evidence(config: &Config, options: &EvidenceOptions) -> anyhow::Result<()> {
    let Some((found, has_checkpoint)) = evidence::verify(config, options).await? else {
        return Ok(());
    };
    let verified = report(&found.verdict);
    evidence::say_unchecked(&found, has_checkpoint);
    if verified.is_ok() && is_empty(&found.verdict) {
        bail!(nothing_to_verify(!found.has_organization));
    }
    verified
}

/// Why a log without events does not pass.
const fn nothing_to_verify(needs_setup: bool) -> &'static str {
    match needs_setup {
        true => "there is nothing to verify: the database has no organization",
        false => "the audit log is empty, although the database has an organization",
    }
}

/// Whether there is no event, and retention has removed none.
const fn is_empty(verdict: &Verdict) -> bool {
    verdict.events == 0 && verdict.uncovered_events == 0 && verdict.removed_events == 0
}

/// Prints what the verification could not check.
pub(super) fn say_unchecked(verdict: &Verdict, has_file: bool) {
    let (events, blocks) = (verdict.uncovered_events, verdict.uncovered_blocks);
    if (events, blocks) != (0, 0) {
        say(&format!(
            "Without a checkpoint yet: {}, {}. Their MACs were verified; the removal of the newest of them is not detected.",
            counted(events, "event"),
            counted(blocks, "call block"),
        ));
    }
    if !has_file {
        say(
            "Not checked: no copy of the checkpoints was given (--against FILE), so the removal of the newest rows with \
             their checkpoints, and a log signed again with the master key, are not detected.",
        );
    }
}

/// Prints what was compared with the audit log. Fails when there are findings.
fn report_states(verdict: &StateVerdict) -> anyhow::Result<()> {
    match verdict.from {
        Some(event) => say(&format!(
            "Compared {} rows with the audit log. Changes before event {event} cannot be found.",
            verdict.rows
        )),
        None => say(
            "The rows were not compared: the audit log has no states of them before a server has started.",
        ),
    }
    if verdict.is_start_forged {
        say("The mark of the first event with states is missing or was changed.");
    }
    for finding in verdict.findings.iter().take(PRINTED_FINDINGS) {
        say(&finding.to_string());
    }
    match verdict.deviations() {
        0 => Ok(()),
        count => bail!("rows are not what the audit log says: {count} findings"),
    }
}

/// Prints what was verified. Fails when there are findings.
pub(super) fn report(verdict: &Verdict) -> anyhow::Result<()> {
    say(&format!(
        "Verified {} checkpoints, which cover {} events and {} blocks of calls.",
        verdict.checkpoints, verdict.events, verdict.blocks,
    ));
    if (verdict.removed_events, verdict.removed_blocks) != (0, 0) {
        say(&format!(
            "Retention has removed {} events and {} blocks of calls.",
            verdict.removed_events, verdict.removed_blocks,
        ));
    }
    if let Some(event) = verdict.mac_from.filter(|event| *event > 1) {
        say(&format!(
            "Events before {event} were stored by an earlier version. Changes of them before their checkpoint cannot be found."
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
