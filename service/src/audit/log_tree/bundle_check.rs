//! Verification of a bundle. It reads one line at a time, and holds no more than that.

use std::io::{BufRead, Read as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use thiserror::Error;

use super::{
    bundle::{FORMAT, Header, LeafLine},
    frontier::Frontier,
    notes::{self, InvalidNote, PublicKey, TreeHead},
    ranges::{Leaves, subtrees},
};
use crate::audit::checkpoints::chain::{self, Hash};

/// Bytes of a line at most.
const LINE_BYTES: u64 = 64 * 1024 * 1024;

/// Changed events that are listed at most.
const LISTED: usize = 1_000;

/// Why a bundle does not pass.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BundleFault {
    /// The file cannot be read.
    #[error("The bundle cannot be read: {0}.")]
    Unreadable(String),
    /// The public key or the checkpoint.
    #[error("{0}")]
    Invalid(#[from] InvalidNote),
    /// The first line.
    #[error("The bundle does not begin with a header of the format {FORMAT}.")]
    Header,
    /// A line.
    #[error("Line {0} of the bundle is not a leaf.")]
    Line(u64),
    /// A leaf at another place.
    #[error("Line {line} of the bundle has leaf {found} instead of leaf {expected}.")]
    Order {
        /// The number of the line.
        line: u64,
        /// The position of its leaf.
        found: u64,
        /// The position that follows the line before.
        expected: u64,
    },
    /// The end of the bundle.
    #[error("The bundle ends after {found} of {expected} leaves.")]
    Truncated {
        /// Number of leaves.
        found: u64,
        /// Number of leaves that the header names.
        expected: u64,
    },
    /// Lines after the last leaf.
    #[error("The bundle has lines after its last leaf.")]
    Excess,
    /// An event.
    #[error("Event {0} was changed: its text does not have the hash of its leaf.")]
    Changed(i64),
    /// An event with the number of another.
    #[error("Event {0} has the text of another row.")]
    Swapped(i64),
    /// An event that was changed before its checkpoint.
    #[error("Event {0} was inserted or changed before its checkpoint.")]
    Forged(i64),
    /// An event that was removed before its checkpoint.
    #[error("Event {0} is missing: it was removed before its checkpoint.")]
    Missing(i64),
    /// The hashes.
    #[error("The leaves of the bundle do not lead to the root hash of its checkpoint.")]
    Root,
}

/// What a bundle has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BundleVerdict {
    /// The name of the log.
    pub origin: String,
    /// Number of leaves of its checkpoint.
    pub size: u64,
    /// Number of events whose text was verified.
    pub events: u64,
    /// The first and the last event.
    pub range: Option<(i64, i64)>,
    /// Number of events of which the bundle has the hash only.
    pub removed_events: u64,
    /// Number of blocks of calls, of which the bundle has the hash only.
    pub blocks: u64,
    /// All deviations.
    pub faults: Vec<BundleFault>,
}

/// Verifies a bundle with the public key of its log.
///
/// # Errors
/// [`BundleFault`] when its structure, its signature or its hashes are wrong. Changed events are in the verdict.
pub fn verify_bundle(
    mut bundle: impl BufRead,
    public_key: &str,
) -> Result<BundleVerdict, BundleFault> {
    let key = PublicKey::parse(public_key)?;
    let mut line = String::new();
    read_line(&mut bundle, &mut line)?;
    let header: Header = serde_json::from_str(&line).map_err(|_| BundleFault::Header)?;
    let keys = notes::follow(key, &header.handovers);
    let head = TreeHead::verify(&header.checkpoint, &keys)?;
    let is_header = header.format == FORMAT
        && header.origin == head.origin
        && header.leaves > 0
        && header
            .first_leaf
            .checked_add(header.leaves)
            .is_some_and(|end| end <= head.size);
    if !is_header {
        return Err(BundleFault::Header);
    }
    let mut check = Check {
        verdict: BundleVerdict {
            origin: head.origin.clone(),
            size: head.size,
            ..BundleVerdict::default()
        },
        frontier: Frontier::default(),
        next_event: header.first_event,
    };
    let end = header.first_leaf + header.leaves;
    check.add_subtrees(
        Leaves {
            start: 0,
            end: header.first_leaf,
        },
        &header.left,
    )?;
    for leaf in header.first_leaf..end {
        let number = leaf - header.first_leaf + 2;
        if read_line(&mut bundle, &mut line)? == 0 {
            return Err(BundleFault::Truncated {
                found: leaf - header.first_leaf,
                expected: header.leaves,
            });
        }
        check.add_line(&line, number, leaf)?;
    }
    if read_line(&mut bundle, &mut line)? != 0 {
        return Err(BundleFault::Excess);
    }
    check.add_subtrees(
        Leaves {
            start: end,
            end: head.size,
        },
        &header.right,
    )?;
    if check.frontier.root() != head.root {
        check.verdict.faults.push(BundleFault::Root);
    }
    Ok(check.verdict)
}

fn read_line(bundle: &mut impl BufRead, line: &mut String) -> Result<usize, BundleFault> {
    line.clear();
    let unreadable = |error: std::io::Error| BundleFault::Unreadable(error.to_string());
    let read = bundle
        .by_ref()
        .take(LINE_BYTES)
        .read_line(line)
        .map_err(unreadable)?;
    if read > 0 && !line.ends_with('\n') {
        return Err(BundleFault::Unreadable(
            "its last line is cut off".to_owned(),
        ));
    }
    Ok(read)
}

struct Check {
    verdict: BundleVerdict,
    frontier: Frontier,
    next_event: i64,
}

impl Check {
    /// Adds the subtrees on one side of the leaves.
    fn add_subtrees(&mut self, range: Leaves, roots: &[String]) -> Result<(), BundleFault> {
        let subtrees = subtrees(range);
        if subtrees.len() != roots.len() {
            return Err(BundleFault::Header);
        }
        for (subtree, root) in subtrees.iter().zip(roots) {
            let root = decoded(root).ok_or(BundleFault::Header)?;
            self.frontier
                .push_subtree(subtree.leaves, root, &mut |_| {});
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str, number: u64, expected: u64) -> Result<(), BundleFault> {
        let found: LeafLine = serde_json::from_str(line).map_err(|_| BundleFault::Line(number))?;
        let hash = decoded(&found.hash).ok_or(BundleFault::Line(number))?;
        if found.leaf != expected {
            return Err(BundleFault::Order {
                line: number,
                found: found.leaf,
                expected,
            });
        }
        match found.event {
            Some(event) if event != self.next_event => return Err(BundleFault::Line(number)),
            Some(event) => {
                self.next_event += 1;
                self.add_event(event, &hash, found.text.as_deref());
            }
            None => self.verdict.blocks += 1,
        }
        self.frontier.push(hash, &mut |_| {});
        Ok(())
    }

    fn add_event(&mut self, event: i64, hash: &Hash, text: Option<&str>) {
        let first = self.verdict.range.map_or(event, |(first, _)| first);
        self.verdict.range = Some((first, event));
        let Some(text) = text else {
            self.verdict.removed_events += 1;
            return;
        };
        self.verdict.events += 1;
        let fault = if chain::text_leaf(text.as_bytes()) != *hash {
            BundleFault::Changed(event)
        } else if text.is_empty() {
            BundleFault::Missing(event)
        } else {
            match row_of(text) {
                Some(Row::Event(number)) if number == event => return,
                Some(Row::Forged(number)) if number == event => BundleFault::Forged(event),
                Some(Row::Event(_) | Row::Forged(_)) | None => BundleFault::Swapped(event),
            }
        };
        if self.verdict.faults.len() < LISTED {
            self.verdict.faults.push(fault);
        }
    }
}

/// What a hashed text is of.
enum Row {
    Event(i64),
    Forged(i64),
}

fn row_of(text: &str) -> Option<Row> {
    let parsed: Value = serde_json::from_str(text).ok()?;
    match parsed.as_array()?.as_slice() {
        [table, row] if table == "audit_event" => Some(Row::Event(row.get("number")?.as_i64()?)),
        [marker, log, number] if marker == "forged" && log == "event" => {
            Some(Row::Forged(number.as_i64()?))
        }
        _ => None,
    }
}

fn decoded(hash: &str) -> Option<Hash> {
    STANDARD.decode(hash).ok()?.try_into().ok()
}
