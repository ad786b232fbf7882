//! How much of the record waits to be sealed, and to be counted.

use domain::platform::timestamp::Timestamp;

use crate::platform::{dialect::on, error::StoreError, row::moment, transaction::Conn};

const BACKLOG: &str = "SELECT (SELECT COUNT(*) FROM unsealed_block) AS unsealed_blocks, \
    (SELECT MIN(first_at) FROM call_block WHERE id IN (SELECT block_id FROM unsealed_block)) AS unsealed_from, \
    (SELECT value FROM counter WHERE name = 'audit_event') - \
    COALESCE((SELECT last_event FROM seal ORDER BY number DESC LIMIT 1), 0) AS unsealed_events, \
    (SELECT COUNT(*) FROM uncounted_block) AS uncounted_blocks, \
    (SELECT MIN(first_at) FROM call_block WHERE id IN (SELECT block_id FROM uncounted_block)) AS uncounted_from";

/// How much of the record waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Blocks of calls that wait to be sealed.
    pub unsealed_blocks: i64,
    /// The oldest call in them.
    pub unsealed_from: Option<Timestamp>,
    /// Events that wait to be sealed.
    pub unsealed_events: i64,
    /// Blocks of calls that wait to be counted.
    pub uncounted_blocks: i64,
    /// The oldest call in them.
    pub uncounted_from: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    unsealed_blocks: i64,
    unsealed_from: Option<i64>,
    unsealed_events: i64,
    uncounted_blocks: i64,
    uncounted_from: Option<i64>,
}

impl Conn {
    /// How much of the record waits.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn backlog(&mut self) -> Result<Backlog, StoreError> {
        let row = on!(self, c => sqlx::query_as::<_, Row>(BACKLOG).fetch_one(c).await)?;
        Ok(Backlog {
            unsealed_blocks: row.unsealed_blocks,
            unsealed_from: moment(row.unsealed_from),
            unsealed_events: row.unsealed_events,
            uncounted_blocks: row.uncounted_blocks,
            uncounted_from: moment(row.uncounted_from),
        })
    }
}
