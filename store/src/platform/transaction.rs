//! Reads and writes. The only way to commit a write is to hand over what the record shall say about it.

use std::ops::{Deref, DerefMut};

use domain::{audit::event::AuditEvent, platform::timestamp::Timestamp};

use crate::{
    objects::new_object::NewObjects,
    platform::{commit_batch::Turn, dialect::Inner, error::StoreError},
};

/// A connection to the database. Every question is a method of it, so that both a [`Read`] and a [`Write`] can ask.
#[derive(Debug)]
pub struct Conn {
    inner: Inner,
    new_objects: NewObjects,
    act: Act,
}

/// The act that is being done in a transaction in which others were done before.
#[derive(Debug)]
struct Act {
    /// New objects that waited to be written when it began.
    waited: usize,
    /// Whether it can be taken back by itself: there is a savepoint, or nothing was done before it.
    is_marked: bool,
    /// Whether it was given up and left something that is to be taken back.
    is_torn: bool,
}

impl Conn {
    pub(crate) fn over(inner: Inner) -> Self {
        Self {
            inner,
            new_objects: NewObjects::default(),
            act: Act {
                waited: 0,
                is_marked: true,
                is_torn: false,
            },
        }
    }

    /// The native connection, to be asked something: whoever asks sees the objects that were made before. An act that
    /// asks nothing needs no savepoint.
    pub(crate) async fn ready(&mut self) -> Result<&mut Inner, StoreError> {
        let Self {
            inner,
            new_objects,
            act,
        } = self;
        if !act.is_marked {
            // What others made is written before the place to return to.
            let written = new_objects.write(act.waited, inner).await;
            act.is_torn = written.is_err();
            written?;
            act.waited = 0;
            inner.set_savepoint().await?;
            act.is_marked = true;
        }
        new_objects.write(new_objects.len(), inner).await?;
        Ok(inner)
    }

    /// New objects, which wait until something is asked.
    pub(crate) fn new_objects(&mut self) -> &mut NewObjects {
        &mut self.new_objects
    }

    /// Begins a further act, which can be taken back by itself.
    pub(crate) async fn begin_act(&mut self) -> Result<(), StoreError> {
        if self.act.is_torn {
            return self.take_back().await;
        }
        self.act.is_marked = false;
        self.act.waited = self.new_objects.len();
        Ok(())
    }

    /// Ends an act that shall not have happened.
    pub(crate) fn give_up_act(&mut self) {
        self.new_objects.truncate(self.act.waited);
        self.act.is_torn |= self.act.is_marked;
    }

    /// Takes back what the last act did. The place it began at is where the next one begins.
    async fn take_back(&mut self) -> Result<(), StoreError> {
        if !self.act.is_marked {
            return Err(StoreError::NotCommitted);
        }
        self.inner.return_to_savepoint().await?;
        self.act.is_torn = false;
        Ok(())
    }

    /// Writes what waits, with what the record shall say of all acts, and commits it.
    pub(crate) async fn commit_acts(mut self, events: &[AuditEvent]) -> Result<(), StoreError> {
        if self.act.is_torn {
            self.take_back().await?;
        }
        // Nothing is taken back from here on.
        self.act.is_marked = true;
        self.insert_audit_events(events).await?;
        self.inner.commit().await
    }

    /// Commits what leaves no event.
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
