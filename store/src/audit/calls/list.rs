//! Queries of `call_block` for a [`CallWalk`]. For blocks without a matching source the database returns no texts.

use domain::audit::query::PageDirection;

use super::{
    call::Call,
    walk::{BlockRow, CallWalk},
};
use crate::platform::{Conn, Sql, StoreError, Value, statements, values};

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, first_at, last_at, call_count, CASE WHEN sources LIKE $6 THEN sources END AS sources, \
             CASE WHEN sources LIKE $6 THEN targets END AS targets, CASE WHEN sources LIKE $6 THEN calls END AS calls \
             FROM call_block WHERE ",
            $condition,
            " AND first_at <= $3 AND last_at >= $4 ORDER BY "
        )
    };
}

statements! {
    const OLDEST_FIRST: Sql = concat!(select!("(first_at, id) > ($1, $2)"), "first_at, id LIMIT $5");
    const OLDEST_OF_KIND_FIRST: Sql =
        concat!(select!("writes = $7 AND (first_at, id) > ($1, $2)"), "first_at, id LIMIT $5");
    const NEWEST_FIRST: Sql = concat!(select!("(last_at, id) < ($1, $2)"), "last_at DESC, id DESC LIMIT $5");
    /// Spelled so that SQLite follows the index by `last_at`, which includes `writes`, and does not sort.
    const NEWEST_OF_KIND_FIRST: Sql =
        concat!(select!("NOT (writes <> $7) AND (last_at, id) < ($1, $2)"), "last_at DESC, id DESC LIMIT $5");
}

impl Conn {
    /// The next calls of a walk, including rejected ones; empty at the end of the walk.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn next_calls(&mut self, walk: &mut CallWalk) -> Result<Vec<Call>, StoreError> {
        self.next_calls_within(walk, i64::MAX).await
    }

    /// As [`Self::next_calls`], but also empty when the walk has cost `budget`; a block that is skipped costs 1.
    /// [`CallWalk::position`] returns where to continue.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn next_calls_within(
        &mut self,
        walk: &mut CallWalk,
        budget: i64,
    ) -> Result<Vec<Call>, StoreError> {
        loop {
            if walk.needs_blocks() {
                if walk.has_cost(budget) {
                    return Ok(Vec::new());
                }
                if walk.merges.is_none() {
                    walk.merges = Some(self.block_merge_number().await?);
                }
                let rows = self.next_blocks(walk).await?;
                let merges = self.block_merge_number().await?;
                if walk.merges != Some(merges) {
                    walk.restart(merges);
                    continue;
                }
                walk.add(rows);
            }
            let calls = walk.step()?;
            if !calls.is_empty() || walk.is_at_end() {
                return Ok(calls);
            }
        }
    }

    async fn next_blocks(&mut self, walk: &CallWalk) -> Result<Vec<BlockRow>, StoreError> {
        let (first, last) = walk.bounds();
        let (at, id) = walk.past;
        let mut values = values![at, id, last, first, walk.batch, walk.filter.pattern()];
        values.extend(walk.filter.writes.map(Value::from));
        let statement = match (walk.direction, walk.filter.writes) {
            (PageDirection::Older(_), None) => NEWEST_FIRST,
            (PageDirection::Older(_), Some(_)) => NEWEST_OF_KIND_FIRST,
            (PageDirection::Newer(_), None) => OLDEST_FIRST,
            (PageDirection::Newer(_), Some(_)) => OLDEST_OF_KIND_FIRST,
        };
        self.fetch_all(statement, values).await
    }
}
