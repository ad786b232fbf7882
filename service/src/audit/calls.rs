//! The call log: every request to the API, buffered in memory and stored in blocks.

pub(crate) mod buffer;
pub(crate) mod record;
pub(crate) mod route_meters;

use std::{sync::atomic::Ordering, time::Duration};

use domain::platform::id::Id;
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
    platform::{error::ServiceError, tasks::report},
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

    /// Fails when the buffer is full because the database has not accepted calls.
    pub(crate) fn check_room_for_calls(&self) -> Result<(), ServiceError> {
        match self.calls.has_room() {
            true => Ok(()),
            false => Err(ServiceError::Unavailable(None)),
        }
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
            // After an error the call is kept in memory for the next flush.
            Ok(stored) => report("store the call of a change", stored),
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

    /// Stores all buffered calls. Calls stay in the buffer until a commit with them is confirmed. A block that is already
    /// stored is not stored again.
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
        let new_id = || self.platform.new_id();
        loop {
            let is_repetition = taken.is_repetition();
            let blocks = taken.next_blocks(BLOCKS_AT_ONCE, new_id);
            if blocks.is_empty() {
                break;
            }
            self.store_blocks(&blocks, is_repetition).await?;
            self.calls.stored(taken.confirm());
        }
        taken.finish(number);
        Ok(())
    }

    async fn store_blocks(
        &self,
        blocks: &[(Id, &[CallRecord])],
        is_repetition: bool,
    ) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        for (id, block) in blocks {
            let Some(first) = block.first() else { continue };
            // A stored block may have been merged into another one.
            if is_repetition && housekeeping.has_call(first.at, first.request_id).await? {
                continue;
            }
            let writes = first.is_write();
            housekeeping
                .insert_call_block(*id, writes, block.iter().map(CallRecord::stored))
                .await?;
        }
        Ok(housekeeping.finish().await?)
    }
}
