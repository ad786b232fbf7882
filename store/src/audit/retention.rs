//! Table `retention`: what of the record was removed because its time was over; and removing it.

use domain::platform::timestamp::Timestamp;

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{dialect::on, error::StoreError, transaction::Conn},
};

const FIND: &str = "SELECT seal, at, signature FROM retention WHERE kind = $1";
const PUT: &str = "INSERT INTO retention (kind, seal, at, signature) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (kind) DO UPDATE SET seal = excluded.seal, at = excluded.at, signature = excluded.signature";
const REMOVE_EVENTS: &str = "DELETE FROM audit_event WHERE number IN \
    (SELECT number FROM audit_event WHERE number <= $1 ORDER BY number LIMIT $2)";
const REMOVE_BLOCK: &str = "DELETE FROM call_block WHERE id = $1";

/// A kind of record that has a retention of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// What was done.
    Event,
    /// Which calls were made.
    Call,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Event, Self::Call];

    /// The kind's label in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Call => "call",
        }
    }
}

/// Up to where rows of one kind were removed. Not trusted before its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The kind.
    pub kind: RecordKind,
    /// The number of the newest seal whose rows were removed.
    pub seal: i64,
    /// When that was decided.
    pub at: Timestamp,
    /// The Ed25519 signature over all of the above.
    pub signature: Vec<u8>,
}

impl Conn {
    /// Up to where rows of this kind were removed, if any were.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_retention(
        &mut self,
        kind: RecordKind,
    ) -> Result<Option<Retention>, StoreError> {
        let found = on!(self, c => sqlx::query_as::<_, (i64, i64, Vec<u8>)>(FIND)
            .bind(kind.label())
            .fetch_optional(c)
            .await)?;
        Ok(found.map(|(seal, at, signature)| Retention {
            kind,
            seal,
            at: Timestamp::from_micros(at),
            signature,
        }))
    }
}

impl Housekeeping {
    /// Says up to where rows of a kind are removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn put_retention(&mut self, retention: &Retention) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(PUT)
            .bind(retention.kind.label())
            .bind(retention.seal)
            .bind(retention.at.as_micros())
            .bind(&retention.signature)
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Removes the oldest events up to this number, so many at most. How many there were.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn remove_events(&mut self, to: i64, limit: i64) -> Result<u64, StoreError> {
        Ok(on!(self, c => sqlx::query(REMOVE_EVENTS)
            .bind(to)
            .bind(limit)
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?)
    }

    /// Removes these blocks of calls. How many there were.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn remove_call_blocks(&mut self, ids: &[i64]) -> Result<u64, StoreError> {
        let mut removed = 0;
        for id in ids {
            removed += on!(self, c => sqlx::query(REMOVE_BLOCK)
                .bind(id)
                .execute(c)
                .await
                .map(|done| done.rows_affected()))?;
        }
        Ok(removed)
    }
}
