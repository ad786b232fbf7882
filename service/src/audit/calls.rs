//! The record of calls: every request to the API, gathered in memory and stored in blocks.

use std::{sync::atomic::Ordering, time::Duration};

use store::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK};
use tokio::time::timeout;

use crate::{
    audit::{
        call_buffer::{Gathered, Taken},
        call_record::CallRecord,
        handle::Audit,
        route_meters::{RouteMeter, RouteName},
    },
    platform::error::{Chain, ServiceError},
};

/// How long a call waits to be let in.
const PATIENCE: Duration = Duration::from_secs(1);

/// Blocks stored in one transaction. Other writers wait no longer than this takes.
const BLOCKS_AT_ONCE: usize = 16;

impl Audit {
    /// Waits until a further call can be recorded, a second at most. Nothing may be answered that is not recorded, so
    /// this comes before everything else.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database has not taken calls for so long that memory is full of them.
    pub async fn reserve_call(&self) -> Result<(), ServiceError> {
        if self.calls.has_room() {
            return Ok(());
        }
        timeout(PATIENCE, self.calls.wait_for_room())
            .await
            .map_err(|_| ServiceError::Unavailable(None))
    }

    /// Records a call. It is stored within a tenth of a second, and on [`Self::close`]; or at once, by
    /// [`Self::store_calls_of_changes`].
    pub fn record_call(&self, call: CallRecord) {
        self.calls.push(call);
    }

    /// Waits until the calls recorded so far that may have changed something are stored, a second at most. What was
    /// done is in the record of acts already; this is for the call it was done by, whose status, time and size are known
    /// only now. Whoever comes while others are being stored shares the next transaction with all who came meanwhile.
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
                tracing::warn!(error = %Chain(&error), "A call that changed something could not be stored; it is kept for the next time.");
            }
            Err(_) => tracing::warn!(
                "A call that changed something is answered before it is stored: the database is slow."
            ),
        }
    }

    /// Calls in memory that are not stored yet.
    pub(crate) fn calls_waiting(&self) -> usize {
        self.calls.waiting()
    }

    /// Calls of each route since the process began.
    pub(crate) fn route_meters(&self) -> Vec<(RouteName, RouteMeter)> {
        self.routes.get()
    }

    /// Gathers and counts calls that wait to be stored, without storing them.
    pub(crate) async fn gather_calls(&self) {
        for gathered in [&self.calls.reads, &self.calls.writes] {
            let taken = &mut *gathered.taken.lock().await;
            gathered.take_into(taken, &self.routes);
        }
    }

    /// Stores every call gathered so far. What cannot be stored is kept for the next time.
    pub(crate) async fn flush_calls(&self) -> Result<(), ServiceError> {
        // Neither waits for the other: whoever stores what may have changed something holds up no read.
        let (reads, writes) = tokio::join!(
            self.flush_gathered(&self.calls.reads),
            self.flush_calls_of_changes()
        );
        reads.and(writes)
    }

    /// Stores every call gathered so far that may have changed something.
    pub(crate) async fn flush_calls_of_changes(&self) -> Result<(), ServiceError> {
        self.flush_gathered(&self.calls.writes).await
    }

    async fn flush_gathered(&self, gathered: &Gathered) -> Result<(), ServiceError> {
        let taken = &mut *gathered.taken.lock().await;
        self.flush(gathered, taken).await
    }

    async fn flush(&self, gathered: &Gathered, taken: &mut Taken) -> Result<(), ServiceError> {
        // Whoever has recorded a call before this, and looks afterwards, finds it taken.
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

/// Whether two calls, one after the other, may stand in one block.
fn are_neighbors(before: &CallRecord, after: &CallRecord) -> bool {
    minute(before) == minute(after)
}

/// The minute of a call, so that no block spans more than one.
fn minute(call: &CallRecord) -> i64 {
    call.at.as_micros().div_euclid(BLOCK_SPAN_MICROS)
}

fn in_blocks(calls: &[CallRecord]) -> std::slice::Chunks<'_, CallRecord> {
    calls.chunks(CALLS_PER_BLOCK)
}
