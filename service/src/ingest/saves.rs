//! The saves of ingest counts: one at a time, each repeated until it is confirmed.

use store::{CountedTo, IngestCount};

use crate::ingest::counts::Unsaved;

/// The saves of a queue.
#[derive(Debug, Default)]
pub(crate) struct Saves {
    /// The number of the last save that was begun.
    pub(super) number: i64,
    /// The last save, until it is confirmed. It is repeated unchanged, because a transaction that failed, was cancelled or
    /// lost the answer to its commit may be stored.
    pub(super) unconfirmed: Option<Save>,
}

/// Counts, and the position of the queue up to which they count.
#[derive(Debug)]
pub(super) struct Save {
    pub(super) counts: Vec<IngestCount>,
    pub(super) to: CountedTo,
}

impl Saves {
    /// Begins a save, unless there is nothing to save.
    pub(super) fn begin(&mut self, unsaved: Unsaved) {
        if unsaved.counts.is_empty() {
            return;
        }
        self.number += 1;
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.unconfirmed = Some(Save {
            counts: unsaved.counts.into_values().collect(),
            to: CountedTo {
                segment: number(unsaved.to.segment),
                byte: number(unsaved.to.offset),
                save: self.number,
            },
        });
    }
}
