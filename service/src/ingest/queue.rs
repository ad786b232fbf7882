//! The ingest queue: parcels in order of receipt, on disk before they are acknowledged.
//!
//! One thread writes ([`crate::ingest::writer`]). Readers see only what is synced to disk. A segment is deleted when
//! all of it was forwarded, or forwarding is off, and it is older than the retention time or its space is needed. When
//! space is needed and no segment may be deleted, further parcels are rejected.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io,
    path::Path,
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
};

use domain::platform::timestamp::Timestamp;
use tokio::sync::oneshot;

use crate::{
    ingest::{
        counts::Counts,
        cursor::Cursor,
        identity::Identity,
        segment::{self, Position, StoredParcel},
        shared::{Bounds, Extent, NotKept, Shared},
        writer::{Append, Writer},
    },
    platform::{clock::Clock, lock::lock, tasks::blocking},
};

/// Capacity of the channel to the writer. The writer drains it for each write, so that it fills up only on a slow disk.
const WAITING: usize = 1_024;

/// The queue of one process.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) shared: Arc<Shared>,
    /// Its id in the database, and the start of the parcels that are counted by position.
    pub(crate) identity: Identity,
    sender: Mutex<Option<mpsc::SyncSender<Append>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// The lock of the folder, held as long as the queue uses it.
    lock: Mutex<Option<File>>,
}

impl Queue {
    /// Opens the queue in its folder, which is created if missing, together with the forwarding cursor.
    pub(crate) fn open(
        bounds: Bounds,
        clock: Clock,
        counts: Arc<Counts>,
    ) -> io::Result<(Self, Cursor)> {
        make_private(&bounds.folder)?;
        let lock = lock_folder(&bounds.folder)?;
        let segments = find_segments(&bounds.folder, clock.now())?;
        let cursor = Cursor::open(&bounds.folder)?;
        let newest = segments.keys().next_back().copied().unwrap_or(0);
        // Segment numbers are never reused, even after deletion. A new segment avoids appending after an incomplete
        // parcel.
        let next = newest.max(cursor.position().segment) + 1;
        let start = Position {
            segment: next,
            offset: 0,
        };
        let identity = Identity::open(&bounds.folder, start)?;
        let forwarded = bounds.forwards.then(|| cursor.position());
        let shared = Shared::new(bounds, clock, counts, start, segments, forwarded);
        let shared = Arc::new(shared);
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        let writer = Writer::new(Arc::clone(&shared), next);
        let thread = std::thread::Builder::new()
            .name("ingest-queue".to_owned())
            .spawn(move || writer.run(&receiver))?;
        let queue = Self {
            shared,
            identity,
            sender: Mutex::new(Some(sender)),
            writer: Mutex::new(Some(thread)),
            lock: Mutex::new(Some(lock)),
        };
        Ok((queue, cursor))
    }

    /// Appends a parcel: it is on disk when this returns.
    pub(crate) async fn append(&self, parcel: StoredParcel) -> Result<(), NotKept> {
        let (answer, answered) = oneshot::channel();
        {
            let sender = lock(&self.sender);
            let sender = sender.as_ref().ok_or(NotKept::Closed)?;
            let append = Append { parcel, answer };
            sender.try_send(append).map_err(|rejected| match rejected {
                mpsc::TrySendError::Full(_) => NotKept::Full,
                mpsc::TrySendError::Disconnected(_) => NotKept::Closed,
            })?;
        }
        answered.await.unwrap_or(Err(NotKept::Closed))
    }

    /// Stops accepting parcels and waits until the accepted ones are on disk.
    pub(crate) async fn close(&self) {
        drop(lock(&self.sender).take());
        let writer = lock(&self.writer).take();
        if let Some(writer) = writer {
            let ended = blocking(move || writer.join());
            if !matches!(ended.await, Ok(Ok(()))) {
                tracing::error!("The writer of the ingest queue panicked.");
            }
        }
    }

    /// Unlocks the folder, once forwarding has ended too.
    pub(crate) fn release(&self) {
        lock(&self.lock).take();
    }
}

/// Creates the folder if missing, accessible by its owner only.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Locks the folder, because two processes must not append to the same queue.
fn lock_folder(folder: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            "another process uses it",
        )),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// The segments in the folder. The time of their last parcel is unknown, so their retention starts now.
fn find_segments(folder: &Path, now: Timestamp) -> io::Result<BTreeMap<u64, Extent>> {
    let mut segments = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(number) = entry.file_name().to_str().and_then(segment::number) {
            let extent = Extent {
                bytes: entry.metadata()?.len(),
                newest_at: now,
            };
            segments.insert(number, extent);
        }
    }
    Ok(segments)
}
