//! The call log: every request to the API, buffered in memory and stored in blocks.

pub(crate) mod buffer;
pub(crate) mod record;
pub(crate) mod route_meters;

use std::{sync::atomic::Ordering, time::Duration};

use store::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK};
use tokio::time::timeout;

use crate::{
    audit::{
        calls::{
            buffer::{Gathered, Taken},
            record::CallRecord,
            route_meters::{RouteMeter, RouteName},
        },
        handle::Audit,
    },
    platform::error::{ErrorChain, ServiceError},
};

/// How long a request waits for capacity in the buffer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Maximum number of blocks in one transaction, which bounds how long other writers wait.
const BLOCKS_AT_ONCE: usize = 16;

impl Audit {
    /// Waits until the buffer has capacity for another call, for at most one second. This runs before the operation,
    /// because no request may be answered without an entry in the call log.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the buffer is full because the database has not accepted calls.
    pub async fn reserve_call(&self) -> Result<(), ServiceError> {
        if self.calls.has_room() {
            return Ok(());
        }
        timeout(PATIENCE, self.calls.wait_for_room())
            .await
            .map_err(|_| ServiceError::Unavailable(None))
    }

    /// Adds a call to the call log. It is stored within a tenth of a second and on [`crate::Service::close`], or at
    /// once by [`Self::store_calls_of_changes`].
    pub fn record_call(&self, call: CallRecord) {
        self.calls.push(call);
    }

    /// Waits until the buffered calls that may have changed something are stored, for at most one second. The audit
    /// event of the operation is already committed; this stores the call itself, whose status, duration and size are
    /// only available now. Concurrent requests share the next transaction.
    pub async fn store_calls_of_changes(&self) {
        let writes = &self.calls.writes;
        let begun = writes.begun.load(Ordering::SeqCst);
        let stored = timeout(PATIENCE, async {
            let taken = &mut *writes.taken.lock().await;
            if taken.finished > begun {
                return Ok(());
            }
            self.flush(writes, taken).await
        });
        match stored.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = %ErrorChain(&error), "A call that changed something cannot be stored; it is kept in memory for the next flush.");
            }
            Err(_) => tracing::warn!(
                "A call that changed something is answered before it is stored because the database is slow."
            ),
        }
    }

    /// The number of calls in memory that are not stored yet.
    pub(crate) fn calls_waiting(&self) -> usize {
        self.calls.waiting()
    }

    /// The calls of each route since the start of the process.
    pub(crate) fn route_meters(&self) -> Vec<(RouteName, RouteMeter)> {
        self.routes.get()
    }

    /// Drains and counts buffered calls without storing them.
    pub(crate) async fn gather_calls(&self) {
        for gathered in [&self.calls.reads, &self.calls.writes] {
            let taken = &mut *gathered.taken.lock().await;
            gathered.take_into(taken, &self.routes);
        }
    }

    /// Stores all buffered calls. Calls that cannot be stored stay in the buffer for the next flush.
    pub(crate) async fn flush_calls(&self) -> Result<(), ServiceError> {
        // Both run concurrently, so that storing changes does not delay reads.
        let (reads, writes) = tokio::join!(
            self.flush_gathered(&self.calls.reads),
            self.flush_calls_of_changes()
        );
        reads.and(writes)
    }

    /// Stores all buffered calls that may have changed something.
    pub(crate) async fn flush_calls_of_changes(&self) -> Result<(), ServiceError> {
        self.flush_gathered(&self.calls.writes).await
    }

    async fn flush_gathered(&self, gathered: &Gathered) -> Result<(), ServiceError> {
        let taken = &mut *gathered.taken.lock().await;
        self.flush(gathered, taken).await
    }

    async fn flush(&self, gathered: &Gathered, taken: &mut Taken) -> Result<(), ServiceError> {
        // A flush drains every call that was added before it took this number.
        let number = gathered.begun.fetch_add(1, Ordering::SeqCst) + 1;
        gathered.take_into(taken, &self.routes);
        let mut blocks = taken.calls.chunk_by(are_neighbors).flat_map(in_blocks);
        loop {
            let some: Vec<_> = blocks.by_ref().take(BLOCKS_AT_ONCE).collect();
            if some.is_empty() {
                break;
            }
            self.store_blocks(&some).await?;
            let count = some.iter().map(|block| block.len()).sum();
            taken.stored += count;
            self.calls.stored(count);
        }
        taken.forget_stored();
        taken.finished = number;
        Ok(())
    }

    async fn store_blocks(&self, blocks: &[&[CallRecord]]) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        for block in blocks {
            let writes = block.first().is_some_and(CallRecord::is_write);
            housekeeping
                .insert_call_block(
                    self.platform.new_id(),
                    writes,
                    block.iter().map(CallRecord::stored),
                )
                .await?;
        }
        Ok(housekeeping.finish().await?)
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

fn in_blocks(calls: &[CallRecord]) -> std::slice::Chunks<'_, CallRecord> {
    calls.chunks(CALLS_PER_BLOCK)
}
