//! Group commit: acts that wait for one another share one transaction, and with it one wait for the disk.
//!
//! Acts take turns, in the order in which they asked. One that is done leaves the transaction open for whoever is next,
//! and asks for a turn again: if it gets one and the transaction is still open, all who waited have had theirs, and it
//! commits for all. Nobody hears of success before the disk has it. An act that fails, or whose caller goes away, takes
//! back what it did and nothing else.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use domain::audit::event::AuditEvent;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::platform::{dialect::Store, error::StoreError, transaction::Conn};

/// Acts in one transaction at most: those of other nodes wait for as long as it takes, and so does housekeeping.
const ACTS: u32 = 32;

/// Where the open transaction is between two turns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<Option<Group>>>);

type Slot = OwnedMutexGuard<Option<Group>>;

/// An open transaction, and what became of it for whoever has acted in it.
#[derive(Debug)]
struct Group {
    conn: Conn,
    /// Acts that are done in it.
    acts: u32,
    /// What the record shall say of them, in their order. It is written at the end, for all of them at once.
    events: Vec<AuditEvent>,
    /// Whether it was committed, once that is known.
    outcome: watch::Sender<Option<bool>>,
}

/// One act's turn: the transaction, with nobody else in it.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Turns,
    slot: Slot,
    is_done: bool,
}

impl Turns {
    /// Waits for a turn, and begins a transaction unless one is open.
    pub(crate) async fn next(&self, store: &Store) -> Result<Turn, StoreError> {
        let mut slot = Arc::clone(&self.0).lock_owned().await;
        if slot.as_ref().is_some_and(|group| group.acts >= ACTS) {
            // In a task of its own: its acts shall not fail because this one is given up.
            let committed = tokio::spawn(commit(slot)).await;
            (slot, _) = committed.map_err(|_| StoreError::NotCommitted)?;
        }
        match slot.as_mut() {
            None => *slot = Some(Group::around(store.begin_write().await?)),
            Some(group) => {
                if let Err(error) = group.conn.begin_act().await {
                    // Whoever acted in it is told by its end.
                    *slot = None;
                    return Err(error);
                }
            }
        }
        Ok(Turn {
            turns: self.clone(),
            slot,
            is_done: false,
        })
    }
}

impl Turn {
    /// Ends the act, of which the record shall say this, and waits until both are committed.
    pub(crate) async fn finish(mut self, events: Vec<AuditEvent>) -> Result<(), StoreError> {
        self.is_done = true;
        let group = self.slot.as_mut().ok_or(StoreError::NotCommitted)?;
        group.acts += 1;
        group.events.extend(events);
        let (told, turns) = (group.outcome.subscribe(), self.turns.clone());
        drop(self);
        // In a task of its own: others may have acted in the transaction before the caller of this one goes away.
        let settled = tokio::spawn(turns.settle(told)).await;
        settled.map_err(|_| StoreError::NotCommitted)?
    }
}

impl Turns {
    /// Waits until the transaction is committed, or commits it when nobody else wants a turn in it.
    async fn settle(self, mut told: watch::Receiver<Option<bool>>) -> Result<(), StoreError> {
        let is_known = Option::is_some;
        let slot = tokio::select! {
            biased;
            outcome = told.wait_for(is_known) => return outcome_of(outcome.ok().and_then(|known| *known)),
            slot = self.0.lock_owned() => slot,
        };
        if told.has_changed().is_err() || told.borrow().is_some() {
            return outcome_of(*told.borrow());
        }
        commit(slot).await.1
    }
}

fn outcome_of(committed: Option<bool>) -> Result<(), StoreError> {
    match committed {
        Some(true) => Ok(()),
        Some(false) | None => Err(StoreError::NotCommitted),
    }
}

/// Commits what is in the slot, and gives it back empty.
async fn commit(mut slot: Slot) -> (Slot, Result<(), StoreError>) {
    let done = match slot.take() {
        Some(group) => group.commit().await,
        None => Ok(()),
    };
    (slot, done)
}

impl Group {
    fn around(conn: Conn) -> Self {
        Self {
            conn,
            acts: 0,
            events: Vec::new(),
            outcome: watch::Sender::new(None),
        }
    }

    async fn commit(self) -> Result<(), StoreError> {
        let done = self.conn.commit_acts(&self.events).await;
        self.outcome.send_replace(Some(done.is_ok()));
        done
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        match self.slot.as_mut() {
            Some(group) if group.acts > 0 => group.conn.give_up_act(),
            // Nobody else acted in it: it is rolled back as a whole.
            Some(_) | None => *self.slot = None,
        }
    }
}

impl Deref for Turn {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        let group = self.slot.as_ref();
        &group
            .expect("a turn begins with a transaction and ends before it")
            .conn
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut Conn {
        let group = self.slot.as_mut();
        &mut group
            .expect("a turn begins with a transaction and ends before it")
            .conn
    }
}
