//! What the writer, the forwarder and the readers of the queue share.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard},
};

use domain::platform::timestamp::Timestamp;
use thiserror::Error;
use tokio::sync::watch;

use crate::{
    ingest::segment::Position,
    platform::{clock::Clock, lock::lock},
};

/// Where the queue is and how much it may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) folder: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) keep_seconds: i64,
    /// Whether it is forwarded, so that nothing goes before it was.
    pub(crate) forwards: bool,
}

/// Why a parcel was not kept.
#[derive(Debug, Error)]
pub(crate) enum NotKept {
    #[error("The ingest queue is full. Please try again later.")]
    Full,
    #[error("The ingest queue cannot be written. Please try again later.")]
    Disk,
    #[error("This server is about to stop and takes no more data.")]
    Closed,
}

/// How far a segment reaches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) bytes: u64,
    pub(crate) newest_at: Timestamp,
}

/// What the writer and the readers share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) bounds: Bounds,
    pub(crate) clock: Clock,
    /// To where it is on disk.
    pub(crate) written: watch::Sender<Position>,
    /// The segments there are, by number.
    segments: Mutex<BTreeMap<u64, Extent>>,
    /// To where it was forwarded; `None`: nothing is.
    forwarded: Mutex<Option<Position>>,
}

impl Shared {
    /// The state of a queue that was just opened: nothing is written after `start` yet.
    pub(crate) fn new(
        bounds: Bounds,
        clock: Clock,
        start: Position,
        segments: BTreeMap<u64, Extent>,
        forwarded: Option<Position>,
    ) -> Self {
        Self {
            bounds,
            clock,
            written: watch::Sender::new(start),
            segments: Mutex::new(segments),
            forwarded: Mutex::new(forwarded),
        }
    }

    pub(crate) fn segments(&self) -> MutexGuard<'_, BTreeMap<u64, Extent>> {
        lock(&self.segments)
    }

    /// To where it was forwarded; `None`: nothing is.
    pub(crate) fn forwarded(&self) -> Option<Position> {
        *lock(&self.forwarded)
    }

    /// Notes to where it was forwarded.
    pub(crate) fn set_forwarded(&self, position: Position) {
        *lock(&self.forwarded) = Some(position);
    }

    /// Whether nobody needs the segment any more.
    pub(crate) fn may_go(&self, number: u64, extent: Extent) -> bool {
        self.forwarded().is_none_or(|at| {
            number < at.segment || (number == at.segment && at.offset >= extent.bytes)
        })
    }

    /// Bytes of all segments.
    pub(crate) fn bytes(&self) -> u64 {
        self.segments().values().map(|extent| extent.bytes).sum()
    }

    /// Bytes that were not forwarded yet; nothing waits when nothing is forwarded.
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
