//! The memory buffer of the call log: filled by many threads, drained by one flush at a time.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use domain::platform::id::Id;
use store::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK};
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
    calls: Vec<CallRecord>,
    /// How many of them, counted from the first, are stored.
    stored: usize,
    /// The blocks of the current transaction, which begin after the stored calls. They keep their ids and calls until a
    /// transaction with them is confirmed, because a failed or cancelled transaction may be stored.
    unconfirmed: Vec<Block>,
    /// Number of the last flush that stored everything.
    pub(crate) finished: u64,
}

/// A block: its id and its number of calls.
#[derive(Debug, Clone, Copy)]
struct Block {
    id: Id,
    count: usize,
}

impl Taken {
    /// Removes the stored calls. The allocation is kept for the next flush; only after a backlog it is shrunk.
    fn forget_stored(&mut self) {
        self.calls.drain(..self.stored);
        self.stored = 0;
        self.calls.shrink_to(USUAL_ROOM);
    }

    /// Whether the next transaction repeats one that was not confirmed, and may be stored.
    pub(crate) fn is_repetition(&self) -> bool {
        !self.unconfirmed.is_empty()
    }

    /// The blocks of the next transaction, at most `most`. An unconfirmed transaction is repeated with the same blocks.
    /// Empty when everything is stored.
    pub(crate) fn next_blocks(
        &mut self,
        most: usize,
        new_id: impl Fn() -> Id,
    ) -> Vec<(Id, &[CallRecord])> {
        if self.unconfirmed.is_empty() {
            let blocks = self.calls[self.stored..].chunk_by(are_neighbors);
            let blocks = blocks.flat_map(|calls| calls.chunks(CALLS_PER_BLOCK));
            let next = blocks.take(most).map(|calls| Block {
                id: new_id(),
                count: calls.len(),
            });
            self.unconfirmed.extend(next);
        }
        let mut rest = &self.calls[self.stored..];
        let of_block = |block: &Block| {
            let (calls, after) = rest.split_at(block.count);
            rest = after;
            (block.id, calls)
        };
        self.unconfirmed.iter().map(of_block).collect()
    }

    /// Confirms the blocks of the last transaction. Returns their number of calls.
    pub(crate) fn confirm(&mut self) -> usize {
        let count = self.unconfirmed.drain(..).map(|block| block.count).sum();
        self.stored += count;
        count
    }

    /// Ends a flush that stored everything.
    pub(crate) fn finish(&mut self, number: u64) {
        self.forget_stored();
        self.finished = number;
    }

    /// Sorts the calls that are in no block into storage order.
    fn sort(&mut self) {
        let in_blocks: usize = self.unconfirmed.iter().map(|block| block.count).sum();
        // Each thread adds its calls in nearly this order, so the sort moves few of them.
        self.calls[self.stored + in_blocks..].sort_by_key(|call| call.at);
    }
}

/// Whether two consecutive calls may be stored in the same block.
fn are_neighbors(before: &CallRecord, after: &CallRecord) -> bool {
    minute(before) == minute(after)
}

/// The minute of a call. A block never spans more than one minute.
fn minute(call: &CallRecord) -> i64 {
    call.at.as_micros().div_euclid(BLOCK_SPAN_MICROS)
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
        taken.sort();
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
