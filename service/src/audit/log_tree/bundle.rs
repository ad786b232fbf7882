//! A bundle: a range of the log that is verified without the database (docs/bundles.md). It has every leaf of the range,
//! in order, and the roots of the subtrees on both sides, which together lead to the root hash of a signed checkpoint.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use store::{Checkpoint, HashedRow, LogKind, Read, Store, TreeCheckpoint};

use super::{
    keys::handovers,
    notes::Note,
    proofs::{leaf_of, newest, note_of, size_of},
    ranges::{Leaves, subtrees},
    reader::subtree_root,
};
use crate::{
    audit::checkpoints::chain::{self, Hash},
    platform::error::ServiceError,
};

/// The name of the format, in the header.
pub(crate) const FORMAT: &str = "countersign-bundle-v1";

/// The first line of a bundle.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) format: String,
    pub(crate) origin: String,
    /// The signed note.
    pub(crate) checkpoint: String,
    /// The notes with which keys signed their successors.
    pub(crate) handovers: Vec<String>,
    /// The position of the first leaf.
    pub(crate) first_leaf: u64,
    /// Number of leaves.
    pub(crate) leaves: u64,
    /// The number of the first event.
    pub(crate) first_event: i64,
    /// The roots of the perfect subtrees before the first leaf, from the left, in base64.
    pub(crate) left: Vec<String>,
    /// The roots of the perfect subtrees after the last leaf, from the left, in base64.
    pub(crate) right: Vec<String>,
}

/// A line of a bundle: a leaf.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LeafLine {
    /// Its position in the tree.
    pub(crate) leaf: u64,
    /// The number of the event; absent for a block of calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<i64>,
    /// The hash of the leaf, in base64.
    pub(crate) hash: String,
    /// The hashed text; absent for a block of calls, and for an event that retention removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
}

/// The events of a bundle, from the first to the last; `None` for the first or the newest of the tree.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventRange {
    /// The number of the first event.
    pub first: Option<i64>,
    /// The number of the last event.
    pub last: Option<i64>,
}

/// Writes a bundle in pieces.
#[derive(Debug)]
pub struct Bundle {
    store: Store,
    read: Read,
    /// The range of leaves.
    leaves: Leaves,
    /// The next checkpoint, the first leaf of it, and the last event before it.
    next: (i64, u64, i64),
    header: Option<Header>,
}

impl Bundle {
    /// Begins a bundle of a database that is only read.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when its log tree does not have the events.
    pub(crate) async fn begin(store: Store, events: EventRange) -> Result<Self, ServiceError> {
        let mut read = store.read().await?;
        let tree = newest(&mut read).await?;
        let start = read.find_tree_start().await?;
        let before = start.map_or(0, |start| start.last_event);
        let first = events.first.unwrap_or(before + 1);
        let last = events.last.unwrap_or(tree.last_event);
        let missing = || {
            ServiceError::NotFound(format!(
                "The log tree has the events from {} to {}; the bundle was asked for those from {first} to {last}.",
                before + 1,
                tree.last_event,
            ))
        };
        if first > last {
            return Err(missing());
        }
        let from = leaf_of(&mut read, first).await?.ok_or_else(missing)?;
        let size = size_of(&tree)?;
        // A newer tree may have the event meanwhile.
        let to = leaf_of(&mut read, last).await?.filter(|to| *to < size);
        let to = to.ok_or_else(missing)?;
        let leaves = Leaves {
            start: from,
            end: to + 1,
        };
        let header = header(&mut read, &tree, leaves, first).await?;
        let next = position(&mut read, first).await?;
        Ok(Self {
            store,
            read,
            leaves,
            next,
            header: Some(header),
        })
    }

    /// The next lines; `None` at the end.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, ServiceError> {
        if let Some(header) = self.header.take() {
            let mut lines = Vec::new();
            add_line(&mut lines, &header)?;
            return Ok(Some(lines));
        }
        let (number, first_leaf, last_event) = self.next;
        if first_leaf >= self.leaves.end {
            return Ok(None);
        }
        let checkpoint = self.read.list_checkpoints(number - 1, 1).await?.pop();
        let checkpoint = checkpoint.filter(|checkpoint| checkpoint.number == number);
        let checkpoint = checkpoint.ok_or_else(|| {
            ServiceError::Internal(format!("checkpoint {number} is missing").into())
        })?;
        let leaves = chain::leaves_of(&checkpoint).unwrap_or_default();
        let lines = self
            .lines(&checkpoint, leaves, first_leaf, last_event)
            .await?;
        self.next = (
            number + 1,
            first_leaf + leaves.len() as u64,
            checkpoint.last_event,
        );
        Ok(Some(lines))
    }

    /// The lines of the leaves of a checkpoint that are in the range.
    async fn lines(
        &mut self,
        checkpoint: &Checkpoint,
        leaves: &[Hash],
        first_leaf: u64,
        last_event: i64,
    ) -> Result<Vec<u8>, ServiceError> {
        let rows = i64::try_from(leaves.len()).unwrap_or(i64::MAX);
        let read = &mut self.read;
        let rows = read
            .list_event_rows(last_event, checkpoint.last_event, rows)
            .await?;
        let rows: HashMap<i64, HashedRow> = rows.into_iter().map(|row| (row.key, row)).collect();
        let mut lines = Vec::new();
        let mut number = last_event;
        for (leaf, hash) in (first_leaf..).zip(leaves) {
            number += 1;
            let event = Some(number).filter(|number| *number <= checkpoint.last_event);
            if leaf < self.leaves.start || leaf >= self.leaves.end {
                continue;
            }
            add_line(
                &mut lines,
                &LeafLine {
                    leaf,
                    event,
                    hash: STANDARD.encode(hash),
                    text: event.and_then(|event| text_of(event, hash, &rows)),
                },
            )?;
        }
        Ok(lines)
    }

    /// Ends.
    ///
    /// # Errors
    /// [`ServiceError`] when the file of the database was changed while it was read.
    pub async fn close(self) -> Result<(), ServiceError> {
        drop(self.read);
        let unchanged = self.store.check_unchanged();
        self.store.close().await;
        Ok(unchanged?)
    }
}

async fn header(
    read: &mut Read,
    tree: &TreeCheckpoint,
    leaves: Leaves,
    first_event: i64,
) -> Result<Header, ServiceError> {
    let checkpoint = note_of(read, tree).await?;
    let note = Note::parse(&checkpoint).map_err(|error| ServiceError::Internal(error.into()))?;
    let origin = note.text.lines().next().unwrap_or_default().to_owned();
    let end = size_of(tree)?;
    Ok(Header {
        format: FORMAT.to_owned(),
        origin,
        handovers: handovers(read).await?,
        first_leaf: leaves.start,
        leaves: leaves.end - leaves.start,
        first_event,
        left: roots(
            read,
            Leaves {
                start: 0,
                end: leaves.start,
            },
        )
        .await?,
        right: roots(
            read,
            Leaves {
                start: leaves.end,
                end,
            },
        )
        .await?,
        checkpoint,
    })
}

/// The roots of the perfect subtrees of a range, in base64.
async fn roots(read: &mut Read, range: Leaves) -> Result<Vec<String>, ServiceError> {
    let mut roots = Vec::new();
    for subtree in subtrees(range) {
        roots.push(STANDARD.encode(subtree_root(read, subtree).await?));
    }
    Ok(roots)
}

/// The checkpoint that covers an event, its first leaf, and the last event before it.
async fn position(read: &mut Read, event: i64) -> Result<(i64, u64, i64), ServiceError> {
    let missing = || ServiceError::not_found("event in the log tree");
    let tree = read.find_tree_of_event(event).await?.ok_or_else(missing)?;
    let before = read.find_tree_checkpoint(tree.checkpoint - 1).await?;
    let before = before.ok_or_else(missing)?;
    Ok((tree.checkpoint, size_of(&before)?, before.last_event))
}

/// The hashed text of the leaf of an event, as far as it is known.
fn text_of(event: i64, hash: &Hash, rows: &HashMap<i64, HashedRow>) -> Option<String> {
    if *hash == chain::forged_leaf(LogKind::Event, event) {
        return Some(chain::forged_text(LogKind::Event, event));
    }
    if *hash == chain::leaf(None) {
        return Some(String::new());
    }
    let row = rows.get(&event)?;
    Some(String::from_utf8_lossy(&row.text).into_owned())
}

fn add_line(lines: &mut Vec<u8>, line: &impl Serialize) -> Result<(), ServiceError> {
    let written = serde_json::to_writer(&mut *lines, line);
    written.map_err(|error| ServiceError::Internal(Box::new(error)))?;
    lines.push(b'\n');
    Ok(())
}
