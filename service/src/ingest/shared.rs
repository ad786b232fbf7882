//! The state shared by the writer, the forwarder and the readers of the queue.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
};

use domain::platform::timestamp::Timestamp;
use thiserror::Error;
use tokio::sync::watch;

use crate::{
    ingest::{counts::Counts, segment::Position},
    platform::{clock::Clock, lock::lock},
};

/// The folder of the queue and its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) folder: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) keep_seconds: i64,
    /// Whether the queue is forwarded; segments are then kept until they are.
    pub(crate) forwards: bool,
}

/// Why a parcel was not stored.
#[derive(Debug, Error)]
pub(crate) enum NotKept {
    #[error("The ingest queue is full. Please try again later.")]
    Full,
    #[error("The ingest queue cannot be written. Please try again later.")]
    Disk,
    #[error("This server is shutting down and accepts no more data.")]
    Closed,
}

/// The extent of a segment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) bytes: u64,
    pub(crate) newest_at: Timestamp,
}

/// The state shared by the writer and the readers.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) bounds: Bounds,
    pub(crate) clock: Clock,
    /// The counts, to which every parcel is added when it is on disk.
    pub(crate) counts: Arc<Counts>,
    /// The position up to which the queue is synced to disk.
    pub(crate) written: watch::Sender<Position>,
    /// The existing segments by number.
    segments: Mutex<BTreeMap<u64, Extent>>,
    /// The position up to which the queue was forwarded; `None` when it is not forwarded.
    forwarded: Mutex<Option<Position>>,
}

impl Shared {
    /// The state of a queue that was just opened: nothing is written after `start` yet.
    pub(crate) fn new(
        bounds: Bounds,
        clock: Clock,
        counts: Arc<Counts>,
        start: Position,
        segments: BTreeMap<u64, Extent>,
        forwarded: Option<Position>,
    ) -> Self {
        Self {
            bounds,
            clock,
            counts,
            written: watch::Sender::new(start),
            segments: Mutex::new(segments),
            forwarded: Mutex::new(forwarded),
        }
    }

    pub(crate) fn segments(&self) -> MutexGuard<'_, BTreeMap<u64, Extent>> {
        lock(&self.segments)
    }

    /// The position up to which the queue was forwarded; `None` when it is not forwarded.
    pub(crate) fn forwarded(&self) -> Option<Position> {
        *lock(&self.forwarded)
    }

    /// Sets the position up to which the queue was forwarded.
    pub(crate) fn set_forwarded(&self, position: Position) {
        *lock(&self.forwarded) = Some(position);
    }

    /// Whether the segment may be deleted because all of it was forwarded or nothing is.
    pub(crate) fn may_go(&self, number: u64, extent: Extent) -> bool {
        self.forwarded().is_none_or(|at| {
            number < at.segment || (number == at.segment && at.offset >= extent.bytes)
        })
    }

    /// The size of all segments in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.segments().values().map(|extent| extent.bytes).sum()
    }

    /// The number of bytes that wait to be forwarded; 0 when the queue is not forwarded.
    pub(crate) fn waiting_bytes(&self) -> u64 {
        let Some(at) = self.forwarded() else {
            return 0;
        };
        let segments = self.segments();
        let waiting = segments.range(at.segment..).map(|(number, extent)| {
            let done = if *number == at.segment { at.offset } else { 0 };
            extent.bytes.saturating_sub(done)
        });
        waiting.sum()
    }
}
