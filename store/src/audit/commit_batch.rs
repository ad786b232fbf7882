//! Group commit: operations that wait for one another share one transaction, and with it one wait for the disk.
//!
//! Operations run one at a time, in the order of a fair lock. A finished operation keeps the transaction open and
//! queues for the lock again. When it gets the lock and the transaction is still open, no operation is left in the
//! queue, so it commits for all of them. No operation reports success before the transaction is on disk. An operation
//! that fails, or whose caller is cancelled, undoes only its own changes.
//!
//! When the answer to a commit is lost, a new transaction looks for the last event of the batch. It begins after the
//! lost transaction has ended, since both need the same lock.

use std::sync::Arc;

use domain::audit::event::AuditEvent;
use tokio::{
    sync::{Mutex, OwnedMutexGuard, watch},
    time::timeout,
};

use super::states::touched::OperationEnd;
use crate::platform::{
    Conn, StoreError,
    cipher::DocumentCipher,
    detached::detached,
    dialect::{limits::ACQUIRE_TIMEOUT, pools::Pools},
};

/// The maximum number of operations in one transaction: writes of other nodes and housekeeping wait for its end.
const OPERATIONS: u32 = 32;

/// The open transaction between two operations. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommitBatches {
    slot: Arc<Mutex<Slot>>,
    cipher: DocumentCipher,
}

type Slot = Option<CommitBatch>;

/// Exclusive use of the transaction.
pub(crate) type SlotGuard = OwnedMutexGuard<Slot>;

/// An open transaction that operations share.
#[derive(Debug)]
pub(crate) struct CommitBatch {
    pub(crate) conn: Conn,
    pools: Pools,
    /// The number of finished operations.
    operations: u32,
    /// Their audit events in order, written together before the commit.
    events: Vec<AuditEvent>,
    /// Where each operation ends in them.
    ends: Vec<OperationEnd>,
    /// `None` while it is open.
    outcome: watch::Sender<Option<Outcome>>,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Committed,
    Undone,
    Unknown,
}

impl CommitBatches {
    pub(crate) fn new(cipher: DocumentCipher) -> Self {
        Self {
            slot: Arc::default(),
            cipher,
        }
    }

    /// Waits until the operations before this one are finished, and begins a transaction unless one is open.
    pub(crate) async fn join(&self, pools: &Pools) -> Result<SlotGuard, StoreError> {
        let mut slot = Arc::clone(&self.slot).lock_owned().await;
        if slot.as_ref().is_some_and(CommitBatch::is_full) {
            // Cancelling this caller must not undo the operations before it.
            (slot, _) = detached(commit(slot)).await?;
        }
        match slot.as_mut() {
            None => *slot = Some(CommitBatch::begin(pools, &self.cipher).await?),
            Some(batch) => {
                if let Err(error) = batch.conn.begin_operation().await {
                    // The operations in it fail, because its sender is dropped.
                    *slot = None;
                    return Err(error);
                }
            }
        }
        Ok(slot)
    }

    /// Finishes an operation with its events, and waits until both are committed.
    pub(crate) async fn finish(
        self,
        mut slot: SlotGuard,
        events: Vec<AuditEvent>,
    ) -> Result<(), StoreError> {
        let batch = slot.as_mut().ok_or(StoreError::NotCommitted)?;
        batch.operations += 1;
        batch.events.extend(events);
        batch.ends.push(OperationEnd {
            events: batch.events.len(),
            touched: batch.conn.touched().len(),
        });
        let outcome = batch.outcome.subscribe();
        drop(slot);
        // When this caller is cancelled, the other operations must still be committed.
        detached(self.settle(outcome)).await?
    }

    /// Waits until the transaction is committed, or commits it when no other operation is waiting.
    async fn settle(self, mut outcome: watch::Receiver<Option<Outcome>>) -> Result<(), StoreError> {
        let slot = tokio::select! {
            biased;
            known = outcome.wait_for(Option::is_some) => return result(known.ok().and_then(|known| *known)),
            slot = self.slot.lock_owned() => slot,
        };
        if outcome.has_changed().is_err() || outcome.borrow().is_some() {
            return result(*outcome.borrow());
        }
        commit(slot).await.1
    }
}

fn result(outcome: Option<Outcome>) -> Result<(), StoreError> {
    match outcome {
        Some(Outcome::Committed) => Ok(()),
        Some(Outcome::Unknown) => Err(StoreError::OutcomeUnknown(None)),
        Some(Outcome::Undone) | None => Err(StoreError::NotCommitted),
    }
}

/// Commits the transaction in the slot, and returns the empty slot.
async fn commit(mut slot: SlotGuard) -> (SlotGuard, Result<(), StoreError>) {
    let done = match slot.take() {
        Some(batch) => batch.commit().await,
        None => Ok(()),
    };
    (slot, done)
}

impl CommitBatch {
    async fn begin(pools: &Pools, cipher: &DocumentCipher) -> Result<Self, StoreError> {
        let mut conn = Conn::new(pools.begin_exclusive().await?, cipher.clone());
        // Operations encrypt, and events get a MAC.
        conn.hold_keys().await?;
        Ok(Self {
            conn,
            pools: pools.clone(),
            operations: 0,
            events: Vec::new(),
            ends: Vec::new(),
            outcome: watch::Sender::new(None),
        })
    }

    const fn is_full(&self) -> bool {
        self.operations >= OPERATIONS
    }

    /// Whether it contains finished operations, which must not be undone.
    pub(crate) const fn is_shared(&self) -> bool {
        self.operations > 0
    }

    async fn commit(self) -> Result<(), StoreError> {
        let done = write(self.conn, &self.pools, &self.events, &self.ends).await;
        self.outcome.send_replace(Some(match done {
            Ok(()) => Outcome::Committed,
            Err(StoreError::OutcomeUnknown(_)) => Outcome::Unknown,
            Err(_) => Outcome::Undone,
        }));
        done
    }
}

/// Writes the events of all operations and commits.
async fn write(
    mut conn: Conn,
    pools: &Pools,
    events: &[AuditEvent],
    ends: &[OperationEnd],
) -> Result<(), StoreError> {
    conn.end_operations().await?;
    let newest = conn.insert_audit_events(events, ends).await?;
    let Err(error) = conn.commit().await else {
        return Ok(());
    };
    match (error, events.last()) {
        (StoreError::OutcomeUnknown(cause), Some(last)) => {
            let found = Box::pin(is_stored(pools, newest, last));
            let found = timeout(ACQUIRE_TIMEOUT, found).await;
            match found {
                Ok(Ok(true)) => Ok(()),
                Ok(Ok(false)) => Err(StoreError::NotCommitted),
                Ok(Err(_)) | Err(_) => Err(StoreError::OutcomeUnknown(cause)),
            }
        }
        (error, _) => Err(error),
    }
}

/// Whether this event is stored under this number. Waits for the lock, so a lost transaction has ended.
async fn is_stored(pools: &Pools, number: i64, event: &AuditEvent) -> Result<bool, StoreError> {
    let mut conn = Conn::new(pools.begin_exclusive().await?, DocumentCipher::default());
    conn.has_audit_event(number, event).await
}
