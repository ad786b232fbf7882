//! Reads and writes. The only way to commit a write is to hand over what the record shall say about it.

use std::ops::{Deref, DerefMut};

use domain::{audit::AuditEvent, timestamp::Timestamp};

use crate::{
    dialect::{Handle, Inner, on},
    error::StoreError,
};

/// Locks out every other write until this one ends. SQLite's `BEGIN IMMEDIATE` has done so already.
const LOCK: &str = "UPDATE counter SET value = value WHERE name = 'audit_event'";

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

/// A transaction. Dropped without [`Write::commit`], it never happened.
#[derive(Debug)]
pub struct Write {
    conn: Conn,
}

impl Write {
    pub(crate) async fn begin(mut conn: Conn) -> Result<Self, StoreError> {
        on!(conn, handle => sqlx::query(LOCK).execute(handle).await.map(drop))?;
        Ok(Self { conn })
    }

    /// Commits what was done together with what the record says about it: both or neither.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it; then nothing happened.
    pub async fn commit(mut self, record: impl Into<Record>) -> Result<(), StoreError> {
        let Record(events) = record.into();
        self.conn.insert_audit_events(&events).await?;
        self.conn.inner.notify().await?;
        self.conn.commit().await
    }
}

impl Deref for Write {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
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
