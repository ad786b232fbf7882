//! The memory buffer of the call log: filled by many threads, drained by one flush at a time.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use tokio::sync::Notify;

use crate::{
    audit::calls::{record::CallRecord, route_meters::RouteMeters},
    platform::lock::lock,
};

/// Parts of the buffer, each with its own lock, to keep lock contention low.
const PARTS: usize = 16;

/// Maximum number of calls in memory. While the buffer is full, further requests wait, so that no call is lost.
const ROOM: usize = 131_072;

/// Capacity, in calls, that is kept allocated: enough for a load peak.
const USUAL_ROOM: usize = 16_384;

/// Calls that are not stored yet.
#[derive(Debug)]
pub(crate) struct CallBuffer {
    pub(crate) reads: Gathered,
    pub(crate) writes: Gathered,
    /// Number of calls in memory, including those that are being stored.
    waiting: AtomicUsize,
    /// Notified when a flush has freed capacity.
    room: Notify,
}

/// Either read-only calls or calls that may have changed something. The two are stored in separate blocks, so that
/// changes can be found without reading the blocks of reads.
#[derive(Debug)]
pub(crate) struct Gathered {
    parts: Vec<Mutex<Vec<CallRecord>>>,
    /// Number of flushes that have begun to drain the parts.
    pub(crate) begun: AtomicU64,
    /// Locked while calls are being stored, so that only one flush runs at a time.
    pub(crate) taken: tokio::sync::Mutex<Taken>,
}

/// Calls drained from the parts.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) calls: Vec<CallRecord>,
    /// How many of them, counted from the first, are stored. A flush may fail or be cancelled between two transactions.
    pub(crate) stored: usize,
    /// Number of the last flush that stored everything.
    pub(crate) finished: u64,
}

impl Taken {
    /// Removes the stored calls. The allocation is kept for the next flush; only after a backlog it is shrunk.
    pub(crate) fn forget_stored(&mut self) {
        self.calls.drain(..self.stored);
        self.stored = 0;
        self.calls.shrink_to(USUAL_ROOM);
    }
}

/// The part of the buffer that this thread fills.
fn part_of_this_thread() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static PART: usize = THREADS.fetch_add(1, Ordering::Relaxed) % PARTS;
    }
    PART.with(|part| *part)
}

impl Gathered {
    fn new() -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            begun: AtomicU64::new(0),
            taken: tokio::sync::Mutex::default(),
        }
    }

    fn push(&self, call: CallRecord) {
        lock(&self.parts[part_of_this_thread()]).push(call);
    }

    /// Drains the parts, counts the calls and sorts them into storage order.
    pub(crate) fn take_into(&self, taken: &mut Taken, meters: &RouteMeters) {
        taken.forget_stored();
        let before = taken.calls.len();
        for part in &self.parts {
            let mut part = lock(part);
            taken.calls.append(&mut part);
            part.shrink_to(USUAL_ROOM);
        }
        meters.count(&taken.calls[before..]);
        // Each thread adds its calls in nearly this order, so the sort moves few of them.
        taken.calls.sort_by_key(|call| call.at);
    }
}

impl CallBuffer {
    pub(crate) fn new() -> Self {
        Self {
            reads: Gathered::new(),
            writes: Gathered::new(),
            waiting: AtomicUsize::new(0),
            room: Notify::new(),
        }
    }

    pub(crate) fn push(&self, call: CallRecord) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if call.is_write() {
            self.writes.push(call);
        } else {
            self.reads.push(call);
        }
    }

    /// The number of calls in memory.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(crate) fn has_room(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) < ROOM
    }

    pub(crate) async fn wait_for_room(&self) {
        loop {
            let notified = self.room.notified();
            if self.has_room() {
                return;
            }
            notified.await;
        }
    }

    pub(crate) fn stored(&self, count: usize) {
        self.waiting.fetch_sub(count, Ordering::Relaxed);
        self.room.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use store::CALLS_PER_BLOCK;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_call_waits_while_memory_is_full_and_comes_in_when_some_are_stored() {
        let buffer = CallBuffer::new();
        (1..ROOM).for_each(|_| buffer.push(CallRecord::anonymous()));
        assert!(buffer.has_room());
        buffer.push(CallRecord::anonymous());
        let mut waiting = std::pin::pin!(buffer.wait_for_room());
        assert!(timeout(Duration::ZERO, waiting.as_mut()).await.is_err());
        buffer.stored(CALLS_PER_BLOCK);
        timeout(Duration::from_secs(1), waiting)
            .await
            .expect("a waiting request is notified");
    }
}
