//! `countersign audit`: is the record what it was?

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use service::Verdict;

use super::{open, say};
use crate::config::Config;

/// Findings that are told one by one.
const TOLD: usize = 100;

/// What to do with the record.
#[derive(Subcommand)]
pub(crate) enum Act {
    /// Check every row of the record against its seals; fails when one was edited, inserted, removed or swapped
    Verify {
        /// The file that seals were written to: tells also when the newest part of the record was cut off
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
}

/// Does it.
pub(crate) async fn run(config: &Config, act: Act) -> anyhow::Result<()> {
    let Act::Verify { against } = act;
    let file = match &against {
        None => None,
        Some(path) => {
            let text = tokio::fs::read_to_string(path).await;
            Some(text.with_context(|| format!("cannot read {}", path.display()))?)
        }
    };
    let service = open(config).await?;
    let verdict = service.verify_record(file.as_deref()).await;
    service.close().await?;
    tell(&verdict?)
}

fn tell(verdict: &Verdict) -> anyhow::Result<()> {
    say(&format!(
        "Checked {} seals, which stand for {} events and {} blocks of calls. Not sealed yet: {} events, {} blocks.",
        verdict.seals,
        verdict.events,
        verdict.blocks,
        verdict.unsealed_events,
        verdict.unsealed_blocks,
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
            say("The record is what it was when it was sealed.");
            Ok(())
        }
        count => bail!("the record is not what it was: {count} findings"),
    }
}
