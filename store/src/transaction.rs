//! Reads and writes. The only way to commit a write is to hand over what the record shall say about it.

use std::ops::{Deref, DerefMut};

use domain::{audit::AuditEvent, timestamp::Timestamp};

use crate::{
    dialect::{Handle, Inner},
    error::StoreError,
    group::Turn,
};

/// A connection to the database. Every question is a method of it, so that both a [`Read`] and a [`Write`] can ask.
#[derive(Debug)]
pub struct Conn {
    inner: Inner,
}

impl Conn {
    pub(crate) fn over(inner: Inner) -> Self {
        Self { inner }
    }

    pub(crate) fn handle(&mut self) -> Handle<'_> {
        self.inner.handle()
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await
    }

    /// Tells other nodes, when the transaction commits, that the record has grown.
    pub(crate) async fn notify(&mut self) -> Result<(), StoreError> {
        self.inner.notify().await
    }

    /// Marks a place in the transaction to return to.
    pub(crate) async fn set_savepoint(&mut self) -> Result<(), StoreError> {
        self.inner.set_savepoint().await
    }

    /// Takes back what was done since the last such place, which stays one.
    pub(crate) async fn return_to_savepoint(&mut self) -> Result<(), StoreError> {
        self.inner.return_to_savepoint().await
    }

    /// The database's own clock; `None` where it has none of its own.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn clock(&mut self) -> Result<Option<Timestamp>, StoreError> {
        self.inner.clock().await
    }
}

/// A connection that only asks.
#[derive(Debug)]
pub struct Read {
    conn: Conn,
}

impl Read {
    pub(crate) fn over(conn: Conn) -> Self {
        Self { conn }
    }
}

impl Deref for Read {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// An act's part of a transaction. Dropped without [`Write::commit`], it never happened.
#[derive(Debug)]
pub struct Write {
    turn: Turn,
}

impl Write {
    pub(crate) fn over(turn: Turn) -> Self {
        Self { turn }
    }

    /// Commits what was done together with what the record says about it: both or neither. It is on disk when this
    /// returns.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it; then nothing happened.
    pub async fn commit(self, record: impl Into<Record>) -> Result<(), StoreError> {
        let Record(events) = record.into();
        self.turn.finish(events).await
    }
}

impl Deref for Write {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.turn
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.turn
    }
}

/// What the record says about one transaction: at least one event.
#[derive(Debug)]
pub struct Record(Vec<AuditEvent>);

impl Record {
    /// One event, and those of what it took with it.
    #[must_use]
    pub fn of(first: AuditEvent, more: impl IntoIterator<Item = AuditEvent>) -> Self {
        Self(std::iter::once(first).chain(more).collect())
    }
}

impl From<AuditEvent> for Record {
    fn from(event: AuditEvent) -> Self {
        Self(vec![event])
    }
}
