//! Transactions of operations. Committing one requires the audit events of the operation.

use std::ops::{Deref, DerefMut};

use domain::audit::events::Events;
use tokio::time::timeout;

use super::commit_batch::{CommitBatch, CommitBatches, SlotGuard};
use crate::platform::{
    Conn, StoreError,
    dialect::{limits::ACQUIRE_TIMEOUT, pools::Pools},
};

/// The part of a transaction that belongs to one operation. Dropping it without [`Write::commit`] undoes it.
#[derive(Debug)]
pub struct Write {
    batches: CommitBatches,
    /// The transaction, until it is committed.
    slot: Option<SlotGuard>,
}

impl Write {
    /// Waits for the operations before this one, at most as long as for a connection.
    pub(crate) async fn begin(batches: &CommitBatches, pools: &Pools) -> Result<Self, StoreError> {
        // Boxed, so that the future of every operation does not contain that of a commit.
        let slot = timeout(ACQUIRE_TIMEOUT, Box::pin(batches.join(pools))).await;
        let slot = slot.map_err(|_| StoreError::from(sqlx::Error::PoolTimedOut))??;
        Ok(Self {
            batches: batches.clone(),
            slot: Some(slot),
        })
    }

    /// Commits the changes together with their audit events: both or neither. They are on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects them; then nothing was changed.
    pub async fn commit(mut self, events: impl Into<Events>) -> Result<(), StoreError> {
        let events = events.into().into_iter().collect();
        let slot = self.slot.take().ok_or(StoreError::NotCommitted)?;
        self.batches.clone().finish(slot, events).await
    }

    fn batch(&self) -> Option<&CommitBatch> {
        self.slot.as_ref()?.as_ref()
    }

    fn batch_mut(&mut self) -> Option<&mut CommitBatch> {
        self.slot.as_mut()?.as_mut()
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        match self.batch_mut() {
            Some(batch) if batch.is_shared() => batch.conn.abandon_operation(),
            // No other operation shares the transaction: dropping it rolls it back.
            Some(_) | None => {
                if let Some(slot) = &mut self.slot {
                    **slot = None;
                }
            }
        }
    }
}

impl Deref for Write {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        let batch = self.batch();
        &batch
            .expect("a write has a transaction until it is committed")
            .conn
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Conn {
        let batch = self.batch_mut();
        &mut batch
            .expect("a write has a transaction until it is committed")
            .conn
    }
}
