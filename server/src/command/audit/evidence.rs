//! `countersign audit verify --public-key …` and `countersign audit export --bundle …`: evidence that needs neither the
//! master key nor trust in who runs the server. Nothing but the bundle is written.

use std::{
    fs::{self, File},
    io::{BufReader, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Args;
use service::{
    Access, Bundle, BundleVerdict, EventRange, Evidence, LogVerdict, Verdict, open_bundle,
    verify_bundle, verify_log,
};

use super::super::{counted, say, settings};
use crate::config::Config;

/// Deviations that are printed.
const PRINTED_FAULTS: usize = 100;

/// What an auditor has.
#[derive(Args)]
pub(crate) struct EvidenceOptions {
    /// Verify with this public key of the log, from `countersign audit key`; needs no master key
    #[arg(long, value_name = "KEY", conflicts_with = "against")]
    pub(super) public_key: Option<String>,
    /// A checkpoint of the log that was received earlier, from /audit/checkpoint; also detects that rows after it were
    /// removed or replaced
    #[arg(long, value_name = "FILE", requires = "public_key")]
    checkpoint: Option<PathBuf>,
    /// Verify a bundle instead of the database
    #[arg(
        long,
        value_name = "FILE",
        requires = "public_key",
        conflicts_with = "checkpoint"
    )]
    bundle: Option<PathBuf>,
}

/// What a bundle is to have.
#[derive(Args)]
pub(crate) struct BundleOptions {
    /// Write events with their proofs into a new file, which `countersign audit verify --bundle` verifies without the
    /// database
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["what", "format", "from", "to", "person", "token", "kind", "object", "action", "outcome", "address", "request"]
    )]
    pub(super) bundle: Option<PathBuf>,
    /// The number of the first event in the bundle; by default the first one in the log tree
    #[arg(long, value_name = "NUMBER", requires = "bundle")]
    first_event: Option<i64>,
    /// The number of the last event in the bundle; by default the newest one in the log tree
    #[arg(long, value_name = "NUMBER", requires = "bundle")]
    last_event: Option<i64>,
}

/// Verifies with the public key. Returns what was found in a database, and whether a checkpoint was given; `None` for a
/// bundle that passes.
pub(super) async fn verify(
    config: &Config,
    options: &EvidenceOptions,
) -> anyhow::Result<Option<(LogVerdict, bool)>> {
    let key = options.public_key.as_deref().unwrap_or_default();
    if let Some(file) = &options.bundle {
        return verify_file(file, key).map(|()| None);
    }
    let checkpoint = match &options.checkpoint {
        None => None,
        Some(path) => {
            let text = fs::read_to_string(path);
            Some(text.with_context(|| format!("cannot read {}", path.display()))?)
        }
    };
    let evidence = Evidence {
        public_key: key,
        checkpoint: checkpoint.as_deref(),
    };
    let found = verify_log(&settings(config, Access::Read, None), evidence).await?;
    Ok(Some((found, checkpoint.is_some())))
}

/// Prints what the verification could not check.
pub(super) fn say_unchecked(found: &LogVerdict, has_checkpoint: bool) {
    let Verdict {
        leaves,
        uncovered_events,
        uncovered_blocks,
        unverified_removal,
        ..
    } = found.verdict;
    say(&format!("The log tree has {leaves} leaves."));
    if (uncovered_events, uncovered_blocks) != (0, 0) {
        say(&format!(
            "Not checked: {} and {} that have no checkpoint yet.",
            counted(uncovered_events, "event"),
            counted(uncovered_blocks, "call block"),
        ));
    }
    if unverified_removal > 0 {
        say(&format!(
            "Not checked: an earlier version stored that retention removed rows up to checkpoint {unverified_removal}. Only \
             the master key shows whether that is genuine."
        ));
    }
    if !has_checkpoint {
        say(
            "Not checked: no checkpoint was given (--checkpoint FILE), so the removal of the newest rows, and a log that \
             the holder of its key signed again, are not detected.",
        );
    }
}

fn verify_file(path: &Path, key: &str) -> anyhow::Result<()> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let verdict = verify_bundle(BufReader::new(file), key)?;
    let BundleVerdict {
        origin,
        size,
        events,
        range,
        removed_events,
        blocks,
        faults,
    } = verdict;
    let range = range.map_or_else(String::new, |(first, last)| {
        format!(", from {first} to {last}")
    });
    say(&format!(
        "Verified {events} events of the log {origin}{range}."
    ));
    say(&format!(
        "Not checked: rows outside the bundle, of the {size} that its checkpoint has, and the content of {blocks} blocks of \
         calls and {removed_events} events that retention removed, which the bundle has by their hash."
    ));
    for fault in faults.iter().take(PRINTED_FAULTS) {
        say(&fault.to_string());
    }
    match faults.len() {
        0 => {
            say("The events are in the log that the key signed, and none between them is missing.");
            Ok(())
        }
        count => bail!("the bundle does not pass: {count} findings"),
    }
}

/// Writes a bundle into a new file.
pub(super) async fn export(
    config: &Config,
    path: &Path,
    options: &BundleOptions,
) -> anyhow::Result<()> {
    let events = EventRange {
        first: options.first_event,
        last: options.last_event,
    };
    let mut bundle = open_bundle(&settings(config, Access::Read, None), events).await?;
    let cannot_write = || format!("cannot write {}", path.display());
    let mut file = File::create_new(path).with_context(cannot_write)?;
    let written = write(&mut bundle, &mut file).await;
    let closed = bundle.close().await;
    if let Err(error) = written.and(closed.map_err(Into::into)) {
        // An incomplete bundle is of no use.
        let _ = fs::remove_file(path);
        return Err(error.context(cannot_write()));
    }
    Ok(())
}

async fn write(bundle: &mut Bundle, file: &mut File) -> anyhow::Result<()> {
    while let Some(chunk) = bundle.next_chunk().await? {
        file.write_all(&chunk)?;
    }
    Ok(file.sync_all()?)
}
