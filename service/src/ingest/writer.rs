//! The only thread that writes the queue: it appends all waiting parcels, syncs once, and then confirms all of them.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    sync::{Arc, mpsc},
    time::Duration,
};

use domain::platform::timestamp::Timestamp;
use tokio::sync::oneshot;

use crate::ingest::{
    counts::count_of,
    segment::{self, Position, StoredParcel},
    shared::{Extent, NotKept, Shared},
};

/// How often to look for expired segments while nothing is written.
const TIDY_INTERVAL: Duration = Duration::from_secs(1);

/// Maximum size of one write in bytes, not counting its last parcel.
const GROUP_BYTES: usize = 8 << 20;

/// Approximate maximum size of a segment in bytes.
const SEGMENT_BYTES: u64 = 16 << 20;

/// Minimum number of segments in a full queue, because space is freed one segment at a time.
const SEGMENTS: u64 = 16;

/// Minimum number of segments in the retention time, for the same reason.
const SEGMENTS_IN_TIME: i64 = 12;

/// A parcel to append, and the channel for the result.
pub(crate) struct Append {
    pub(crate) parcel: StoredParcel,
    pub(crate) answer: oneshot::Sender<Result<(), NotKept>>,
}

/// The segment that is being written.
struct Live {
    number: u64,
    file: File,
    bytes: u64,
    since: Timestamp,
}

/// The writer of the queue.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    live: Option<Live>,
    next: u64,
    /// Whether the last write failed.
    fails: bool,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, next: u64) -> Self {
        Self {
            shared,
            live: None,
            next,
            fails: false,
        }
    }

    /// Runs until all senders are dropped.
    pub(crate) fn run(mut self, receiver: &mpsc::Receiver<Append>) {
        loop {
            match receiver.recv_timeout(TIDY_INTERVAL) {
                Ok(first) => self.keep(first, receiver),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
            self.drop_old();
        }
    }

    /// Appends this parcel and those that wait behind it.
    fn keep(&mut self, first: Append, receiver: &mpsc::Receiver<Append>) {
        let (mut bytes, mut answers, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(Append { parcel, answer }) = next {
            if self.make_room(bytes.len() as u64 + parcel.length()) {
                parcel.write_to(&mut bytes);
                counts.push(count_of(&parcel));
                answers.push(answer);
            } else {
                let _ = answer.send(Err(NotKept::Full));
            }
            next = (bytes.len() < GROUP_BYTES)
                .then(|| receiver.try_recv().ok())
                .flatten();
        }
        if answers.is_empty() {
            return;
        }
        let written = self.write_or_make_room(&bytes);
        match (&written, self.fails) {
            (Err(error), false) => {
                tracing::error!(%error, "The ingest queue cannot be written; ingested data is rejected.");
            }
            (Ok(()), true) => tracing::info!("The ingest queue can be written again."),
            (Ok(()), false) | (Err(_), true) => {}
        }
        self.fails = written.is_err();
        if written.is_ok() {
            let to = *self.shared.written.borrow();
            self.shared.counts.count_stored(&counts, to);
        }
        for answer in answers {
            let kept = written.as_ref().map(drop).map_err(|_| NotKept::Disk);
            let _ = answer.send(kept);
        }
    }

    /// Writes the bytes. While the disk is full, deletes segments and tries again.
    fn write_or_make_room(&mut self, bytes: &[u8]) -> io::Result<()> {
        loop {
            match self.write(bytes) {
                Err(error) if is_full(&error) && self.drop_oldest(|_| true) => {}
                written => return written,
            }
        }
    }

    /// Appends the bytes to the live segment, syncs them to disk and notifies the readers.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let now = self.shared.clock.now();
        let mut live = match self.live.take() {
            Some(live) if self.has_room(&live, now) => live,
            Some(_) | None => self.start(now)?,
        };
        let done = live
            .file
            .write_all(bytes)
            .and_then(|()| live.file.sync_data());
        if done.is_err() {
            // After truncation to the acknowledged length the segment can be continued; otherwise a new one is started.
            match live.file.set_len(live.bytes) {
                Ok(()) => self.live = Some(live),
                Err(error) => {
                    tracing::warn!(%error, "The ingest queue cannot be truncated after a failed write; a new segment is started.");
                }
            }
        } else {
            live.bytes += bytes.len() as u64;
            let extent = Extent {
                bytes: live.bytes,
                newest_at: now,
            };
            self.shared.segments().insert(live.number, extent);
            self.shared.written.send_replace(Position {
                segment: live.number,
                offset: live.bytes,
            });
            self.live = Some(live);
        }
        done
    }

    /// Starts a new segment and syncs the folder, so that the file name is on disk before any parcel is
    /// acknowledged.
    fn start(&mut self, now: Timestamp) -> io::Result<Live> {
        let number = self.next;
        self.next += 1;
        let folder = &self.shared.bounds.folder;
        let mut options = OpenOptions::new();
        options.create_new(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(segment::path(folder, number))?;
        File::open(folder)?.sync_all()?;
        Ok(Live {
            number,
            file,
            bytes: 0,
            since: now,
        })
    }

    fn has_room(&self, live: &Live, now: Timestamp) -> bool {
        let bounds = &self.shared.bounds;
        let until = live
            .since
            .plus_seconds(bounds.keep_seconds / SEGMENTS_IN_TIME);
        live.bytes < SEGMENT_BYTES.min(bounds.bytes / SEGMENTS) && now <= until
    }

    /// Whether there is space for the bytes, after deleting the oldest segments if necessary.
    fn make_room(&mut self, bytes: u64) -> bool {
        while self.shared.bytes() + bytes > self.shared.bounds.bytes {
            if !self.drop_oldest(|_| true) {
                return false;
            }
        }
        true
    }

    /// Deletes segments that are older than the retention time.
    fn drop_old(&mut self) {
        let keep = self.shared.bounds.keep_seconds;
        let oldest = self.shared.clock.now().plus_seconds(-keep);
        while self.drop_oldest(|extent| extent.newest_at < oldest) {}
    }

    /// Deletes the oldest segment if it may be deleted and the condition holds. Returns whether it did.
    fn drop_oldest(&mut self, is_such: impl Fn(Extent) -> bool) -> bool {
        let oldest = self
            .shared
            .segments()
            .first_key_value()
            .map(|(n, e)| (*n, *e));
        let Some((number, extent)) = oldest else {
            return false;
        };
        if !self.shared.may_go(number, extent) || !is_such(extent) {
            return false;
        }
        self.live.take_if(|live| live.number == number);
        self.shared.segments().remove(&number);
        match fs::remove_file(segment::path(&self.shared.bounds.folder, number)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "An expired segment of the ingest queue cannot be deleted.");
                self.shared.segments().insert(number, extent);
                false
            }
            Ok(()) | Err(_) => true,
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}
