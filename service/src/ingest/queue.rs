//! The queue: what was handed in, on disk before it is acknowledged, in the order in which it came.
//!
//! One thread writes ([`crate::ingest::writer`]); whoever reads sees what it has brought to disk and nothing else. A segment
//! goes when all of it was forwarded (or nothing is) and it is older than the time to keep, or its room is needed. When
//! room is needed and no segment may go, nothing more is taken.

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
        cursor::Cursor,
        segment::{self, Position, Stored},
        shared::{Bounds, Extent, NotKept, Shared},
        writer::{Append, Writer},
    },
    platform::{clock::Clock, lock::lock, tasks::blocking},
};

/// Parcels that may wait for the writer. It takes all that wait at once, so that more only means a slow disk.
const WAITING: usize = 1_024;

/// The queue of one process.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) shared: Arc<Shared>,
    sender: Mutex<Option<mpsc::SyncSender<Append>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// Held for as long as anything is done in the folder.
    lock: Mutex<Option<File>>,
}

impl Queue {
    /// Opens the queue in its folder, which is made when missing. It comes with the cursor
    /// that says to where it was forwarded.
    pub(crate) fn open(bounds: Bounds, clock: Clock) -> io::Result<(Self, Cursor)> {
        make_private(&bounds.folder)?;
        let lock = lock_folder(&bounds.folder)?;
        let segments = find_segments(&bounds.folder, clock.now())?;
        let cursor = Cursor::open(&bounds.folder)?;
        let newest = segments.keys().next_back().copied().unwrap_or(0);
        // Never a number again, though its segment is gone; and never a byte behind what a crash may have left.
        let next = newest.max(cursor.position().segment) + 1;
        let start = Position {
            segment: next,
            offset: 0,
        };
        let forwarded = bounds.forwards.then(|| cursor.position());
        let shared = Arc::new(Shared::new(bounds, clock, start, segments, forwarded));
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        let writer = Writer::new(Arc::clone(&shared), next);
        let thread = std::thread::Builder::new()
            .name("ingest-queue".to_owned())
            .spawn(move || writer.run(&receiver))?;
        let queue = Self {
            shared,
            sender: Mutex::new(Some(sender)),
            writer: Mutex::new(Some(thread)),
            lock: Mutex::new(Some(lock)),
        };
        Ok((queue, cursor))
    }

    /// Keeps a parcel: it is on disk when this returns.
    pub(crate) async fn append(&self, parcel: Stored) -> Result<(), NotKept> {
        let (answer, answered) = oneshot::channel();
        {
            let sender = lock(&self.sender);
            let sender = sender.as_ref().ok_or(NotKept::Closed)?;
            let append = Append { parcel, answer };
            sender.try_send(append).map_err(|refused| match refused {
                mpsc::TrySendError::Full(_) => NotKept::Full,
                mpsc::TrySendError::Disconnected(_) => NotKept::Closed,
            })?;
        }
        answered.await.unwrap_or(Err(NotKept::Closed))
    }

    /// Takes nothing more, and waits until what was taken is on disk.
    pub(crate) async fn close(&self) {
        drop(lock(&self.sender).take());
        let writer = lock(&self.writer).take();
        if let Some(writer) = writer {
            let ended = blocking(move || writer.join());
            if !matches!(ended.await, Ok(Ok(()))) {
                tracing::error!("The writer of the ingest queue ended badly.");
            }
        }
    }

    /// Leaves the folder to others, when nothing is forwarded any more either.
    pub(crate) fn release(&self) {
        lock(&self.lock).take();
    }
}

/// Makes the folder when it is missing, for its owner alone.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Two processes cannot add to one queue.
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

/// The segments in the folder. When they were written last they do not say, so that each is kept as if it were now.
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
