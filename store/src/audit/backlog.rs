//! How much of the audit log and the call log has no checkpoint yet, and how many calls are not counted yet.

use domain::platform::timestamp::Timestamp;

use crate::platform::{Conn, Sql, StoreError, Stored, statements, values};

statements! {
    const BACKLOG: Sql = "SELECT (SELECT COUNT(*) FROM unsealed_block) AS uncovered_blocks, \
        (SELECT MIN(first_at) FROM call_block WHERE id IN (SELECT block_id FROM unsealed_block)) AS uncovered_from, \
        (SELECT value FROM counter WHERE name = 'audit_event') - \
        COALESCE((SELECT last_event FROM seal ORDER BY number DESC LIMIT 1), 0) AS uncovered_events, \
        (SELECT COUNT(*) FROM uncounted_block) AS uncounted_blocks, \
        (SELECT MIN(first_at) FROM call_block WHERE id IN (SELECT block_id FROM uncounted_block)) AS uncounted_from";
}

/// What is to be covered by checkpoints and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Call blocks without a checkpoint.
    pub uncovered_blocks: i64,
    /// The time of the oldest call in them.
    pub uncovered_from: Option<Timestamp>,
    /// Audit events without a checkpoint.
    pub uncovered_events: i64,
    /// Call blocks that are not counted.
    pub uncounted_blocks: i64,
    /// The time of the oldest call in them.
    pub uncounted_from: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct BacklogRow {
    uncovered_blocks: i64,
    uncovered_from: Option<i64>,
    uncovered_events: i64,
    uncounted_blocks: i64,
    uncounted_from: Option<i64>,
}

impl Stored for Backlog {
    type Row = BacklogRow;

    fn from_row(row: BacklogRow) -> Result<Self, StoreError> {
        Ok(Self {
            uncovered_blocks: row.uncovered_blocks,
            uncovered_from: row.uncovered_from.map(Timestamp::from_micros),
            uncovered_events: row.uncovered_events,
            uncounted_blocks: row.uncounted_blocks,
            uncounted_from: row.uncounted_from.map(Timestamp::from_micros),
        })
    }
}

impl Conn {
    /// The backlog.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn backlog(&mut self) -> Result<Backlog, StoreError> {
        let row = self.fetch_one(BACKLOG, values![]).await?;
        Backlog::from_row(row)
    }
}
