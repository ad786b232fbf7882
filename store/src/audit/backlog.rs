//! How much of the audit and call logs waits for a checkpoint, and how much for counting.

use domain::platform::timestamp::Timestamp;

use crate::platform::{Conn, Sql, StoreError, Stored, statements, values};

statements! {
    const BACKLOG: Sql = "SELECT (SELECT COUNT(*) FROM unsealed_block) AS unsealed_blocks, \
        (SELECT MIN(first_at) FROM call_block WHERE id IN (SELECT block_id FROM unsealed_block)) AS unsealed_from, \
        (SELECT value FROM counter WHERE name = 'audit_event') - \
        COALESCE((SELECT last_event FROM seal ORDER BY number DESC LIMIT 1), 0) AS unsealed_events, \
        (SELECT COUNT(*) FROM uncounted_block) AS uncounted_blocks, \
        (SELECT MIN(first_at) FROM call_block WHERE id IN (SELECT block_id FROM uncounted_block)) AS uncounted_from";
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Call blocks that are in no checkpoint.
    pub unsealed_blocks: i64,
    /// The oldest call in them.
    pub unsealed_from: Option<Timestamp>,
    /// Audit events that are in no checkpoint.
    pub unsealed_events: i64,
    /// Call blocks that are not counted.
    pub uncounted_blocks: i64,
    /// The oldest call in them.
    pub uncounted_from: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct BacklogRow {
    unsealed_blocks: i64,
    unsealed_from: Option<i64>,
    unsealed_events: i64,
    uncounted_blocks: i64,
    uncounted_from: Option<i64>,
}

impl Stored for Backlog {
    type Row = BacklogRow;

    fn from_row(row: BacklogRow) -> Result<Self, StoreError> {
        Ok(Self {
            unsealed_blocks: row.unsealed_blocks,
            unsealed_from: row.unsealed_from.map(Timestamp::from_micros),
            unsealed_events: row.unsealed_events,
            uncounted_blocks: row.uncounted_blocks,
            uncounted_from: row.uncounted_from.map(Timestamp::from_micros),
        })
    }
}

impl Conn {
    /// How much waits.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn backlog(&mut self) -> Result<Backlog, StoreError> {
        let row = self.fetch_one(BACKLOG, values![]).await?;
        Backlog::from_row(row)
    }
}
