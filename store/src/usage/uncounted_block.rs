//! Table `uncounted_block`: the queue of call blocks, and counting them into `usage_minute`, `usage_hour` and
//! `usage_day`.
//!
//! A block is removed from the queue in the transaction that adds its calls, so that every call is counted exactly once
//! even when a node crashes or several nodes count.

use domain::usage::query::Step;

use super::call_counts::{UncountedBlock, UnstoredCallCounts};
use crate::platform::{Conn, Housekeeping, Sql, StoreError, Value, over_rows, statements, values};

/// Adds rows of counts. `WHERE true` marks for SQLite that what follows is not a condition of a join.
macro_rules! add {
    ($table:literal) => {
        over_rows!(
            concat!(
                "INSERT INTO ",
                $table,
                " (organization_id, begins_at, actor_id, token_id, method, route, status_class, calls, duration_us, \
                 bytes) SELECT given.value ->> 0, CAST(given.value ->> 1 AS BIGINT), given.value ->> 2, \
                 given.value ->> 3, given.value ->> 4, given.value ->> 5, CAST(given.value ->> 6 AS BIGINT), \
                 CAST(given.value ->> 7 AS BIGINT), CAST(given.value ->> 8 AS BIGINT), \
                 CAST(given.value ->> 9 AS BIGINT) FROM"
            ),
            concat!(
                "WHERE true ON CONFLICT (organization_id, begins_at, actor_id, token_id, method, route, status_class) \
                 DO UPDATE SET calls = ",
                $table,
                ".calls + excluded.calls, duration_us = ",
                $table,
                ".duration_us + excluded.duration_us, bytes = ",
                $table,
                ".bytes + excluded.bytes"
            )
        )
    };
}

statements! {
    const NEWEST: Sql = "SELECT MAX(block_id) FROM uncounted_block";
    const NEXT: Sql = "SELECT block_id, first_at, sources, targets, calls FROM (SELECT block_id FROM uncounted_block \
        WHERE block_id > $1 AND block_id <= $2 ORDER BY block_id LIMIT 1) AS waiting \
        LEFT JOIN call_block ON call_block.id = waiting.block_id";
    const ADD_MINUTES: Sql = add!("usage_minute");
    const ADD_HOURS: Sql = add!("usage_hour");
    const ADD_DAYS: Sql = add!("usage_day");
}

impl Conn {
    /// The newest block in the queue; `None` when it is empty.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_uncounted_block(&mut self) -> Result<Option<i64>, StoreError> {
        let (newest,) = self.fetch_one::<(Option<i64>,)>(NEWEST, values![]).await?;
        Ok(newest)
    }

    /// Counts the calls of the oldest blocks in the queue up to `newest`, at most `most` blocks. Nothing is stored.
    /// Equal counts are stored once, so counting more blocks together costs less per block.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_uncounted_blocks(
        &mut self,
        newest: i64,
        most: usize,
    ) -> Result<UnstoredCallCounts, StoreError> {
        let mut counts = UnstoredCallCounts::default();
        // One at a time, so that other requests are answered in between.
        while counts.blocks().len() < most && !counts.is_full() {
            let after = counts.blocks().last().copied().unwrap_or(i64::MIN);
            let next = self
                .fetch_optional::<UncountedBlock>(NEXT, values![after, newest])
                .await?;
            let Some(next) = next else { break };
            counts.count(next);
        }
        Ok(counts)
    }
}

impl Housekeeping {
    /// Adds counts, and removes their blocks from the queue; `false` when another node has counted one of the blocks,
    /// in which case this transaction must not be committed.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn add_call_counts(
        &mut self,
        counts: &UnstoredCallCounts,
    ) -> Result<bool, StoreError> {
        self.lock_counting().await?;
        if !self.take_uncounted_blocks(counts.blocks()).await? {
            return Ok(false);
        }
        let minutes = Value::rows(&counts.rows(Step::Minute))?;
        self.execute(ADD_MINUTES, values![minutes]).await?;
        let hours = Value::rows(&counts.rows(Step::Hour))?;
        self.execute(ADD_HOURS, values![hours]).await?;
        let days = Value::rows(&counts.rows(Step::Day))?;
        self.execute(ADD_DAYS, values![days]).await?;
        self.put_usage_names(counts).await?;
        Ok(true)
    }
}
