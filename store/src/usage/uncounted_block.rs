//! Table `uncounted_block`: blocks of calls that wait to be counted, and counting them into `usage_minute` and
//! `usage_hour`.
//!
//! A block is taken from the queue and its calls are added in one transaction, so that every call counts exactly once,
//! whatever crashes and however many nodes count.

use domain::usage::query::Step;

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{
        dialect::{
            on,
            rows::{OverRows, over_rows},
        },
        error::StoreError,
        transaction::Conn,
    },
    usage::tally::{Tally, WaitingBlock},
};

/// `WHERE true` tells SQLite that what follows is no condition of a join.
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
const NEWEST: &str = "SELECT MAX(block_id) FROM uncounted_block";
const NEXT: &str = "SELECT block_id, first_at, sources, targets, calls \
    FROM (SELECT block_id FROM uncounted_block WHERE block_id > $1 AND block_id <= $2 ORDER BY block_id LIMIT 1) AS waiting \
    LEFT JOIN call_block ON call_block.id = waiting.block_id";
/// Nodes count one after the other: none adds to a row that another is adding to.
const LOCK: &str = "UPDATE counter SET value = value + 1 WHERE name = 'usage'";
const TAKE: OverRows = over_rows!(
    "DELETE FROM uncounted_block WHERE block_id IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM",
    ")"
);
const ADD_MINUTES: OverRows = add!("usage_minute");
const ADD_HOURS: OverRows = add!("usage_hour");

impl Conn {
    /// The newest block that waits to be counted; `None` when none does.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn newest_uncounted_block(&mut self) -> Result<Option<i64>, StoreError> {
        Ok(on!(self, c => sqlx::query_scalar(NEWEST).fetch_one(c).await)?)
    }

    /// Counts the calls of so many blocks at most, up to the newest that is meant, that wait for it; nothing is stored by
    /// that. What is alike in many blocks is stored once, so the more are counted together, the less each costs.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn tally_uncounted_blocks(
        &mut self,
        newest: i64,
        most: usize,
    ) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        // One at a time: others are answered in between.
        while tally.blocks().len() < most && !tally.is_full() {
            let after = tally.blocks().last().copied().unwrap_or(i64::MIN);
            let next = on!(self, c => sqlx::query_as::<_, WaitingBlock>(NEXT)
                .bind(after)
                .bind(newest)
                .fetch_optional(c)
                .await)?;
            let Some(next) = next else { break };
            tally.count(next);
        }
        Ok(tally)
    }
}

impl Housekeeping {
    /// Adds what was counted, and takes its blocks from those that wait. Whether it did: another node may have been
    /// faster with one of them, and then this must not be finished.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn add_tally(&mut self, tally: &Tally) -> Result<bool, StoreError> {
        on!(self, c => sqlx::query(LOCK).execute(c).await.map(drop))?;
        let blocks: Vec<[i64; 1]> = tally.blocks().iter().map(|block| [*block]).collect();
        let taken = self.run_over(&TAKE, &blocks).await?;
        if usize::try_from(taken).ok() != Some(blocks.len()) {
            return Ok(false);
        }
        self.run_over(&ADD_MINUTES, &tally.rows(Step::Minute))
            .await?;
        self.run_over(&ADD_HOURS, &tally.rows(Step::Hour)).await?;
        self.note_usage_names(tally).await?;
        Ok(true)
    }
}
