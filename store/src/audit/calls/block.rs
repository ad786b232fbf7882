//! Table `call_block`: about a thousand calls in each row. A row for each call would cost more than the call itself.
//!
//! Sources and targets, which many calls of a block share, are stored once. `new_call` encodes a block, `call` decodes
//! it, [`CallWalk`] reads blocks in order.
//!
//! [`CallWalk`]: super::walk::CallWalk

use domain::platform::{
    id::{Id, RequestId},
    timestamp::Timestamp,
};

use super::new_call::{EncodedCalls, NewCall};
use crate::{
    audit::hashed_row::WholeBlockRow,
    platform::{Housekeeping, Sql, StoreError, joined, statements, values},
};

/// The maximum number of calls in a block. Encoding them takes well under a millisecond.
pub const CALLS_PER_BLOCK: usize = 1_024;

/// The maximum time between the first and the last call of a block, in microseconds.
pub const BLOCK_SPAN_MICROS: i64 = 60_000_000;

statements! {
    /// A block that is already stored is neither inserted nor queued again. It is inserted last, so that all three
    /// conditions see the same rows, whether the database runs the inserts one after another or on one snapshot.
    const INSERT_AND_QUEUE: Sql = joined!(
        "INSERT INTO unsealed_block (block_id) SELECT CAST($1 AS BIGINT) \
         WHERE NOT EXISTS (SELECT 1 FROM call_block WHERE id = $1)",
        "INSERT INTO uncounted_block (block_id) SELECT CAST($1 AS BIGINT) \
         WHERE NOT EXISTS (SELECT 1 FROM call_block WHERE id = $1)",
        "INSERT INTO call_block (id, writes, first_at, last_at, call_count, sources, targets, calls, \
         mac) \
         SELECT CAST($1 AS BIGINT), CAST($2 AS BOOLEAN), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), \
         CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), $9 \
         WHERE NOT EXISTS (SELECT 1 FROM call_block WHERE id = $1)"
    );
    const HAS_CALL: Sql = "SELECT COUNT(*) FROM call_block \
        WHERE first_at >= $1 AND first_at <= $2 AND last_at >= $2 AND calls LIKE $3";
}

impl Housekeeping {
    /// Adds a block of calls, all reading or all writing: at most [`CALLS_PER_BLOCK`] within [`BLOCK_SPAN_MICROS`].
    /// Queues it for a checkpoint and for counting. Does nothing when a block with this id is stored, so that it can be
    /// repeated after a commit with an unknown outcome.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects them.
    pub async fn insert_call_block<'a>(
        &mut self,
        id: Id,
        writes: bool,
        calls: impl ExactSizeIterator<Item = NewCall<'a>> + Clone,
    ) -> Result<(), StoreError> {
        match EncodedCalls::encode(calls)? {
            Some(encoded) => self.insert_encoded_calls(id, writes, encoded).await,
            None => Ok(()),
        }
    }

    /// As [`Self::insert_call_block`].
    pub(crate) async fn insert_encoded_calls(
        &mut self,
        id: Id,
        writes: bool,
        encoded: EncodedCalls,
    ) -> Result<(), StoreError> {
        let row = WholeBlockRow {
            id: id.bits().cast_signed(),
            writes,
            first_at: encoded.first_at.as_micros(),
            last_at: encoded.last_at.as_micros(),
            call_count: encoded.count,
            sources: encoded.sources,
            targets: encoded.targets,
            calls: encoded.numbers,
            mac: None,
        };
        self.hold_keys().await?;
        let mac = self.cipher().mac(&row.text()?);
        let values = values![
            row.id,
            row.writes,
            row.first_at,
            row.last_at,
            row.call_count,
            &row.sources,
            &row.targets,
            &row.calls,
            &mac,
        ];
        self.execute(INSERT_AND_QUEUE, values).await.map(drop)
    }

    /// Whether a block contains this call.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn has_call(
        &mut self,
        at: Timestamp,
        request_id: RequestId,
    ) -> Result<bool, StoreError> {
        // The request id is the last number of a call.
        let pattern = format!("%,{}]%", request_id.0.bits().cast_signed());
        let earliest = at.as_micros().saturating_sub(BLOCK_SPAN_MICROS);
        let (blocks,) = self
            .fetch_one::<(i64,)>(HAS_CALL, values![earliest, at, pattern])
            .await?;
        Ok(blocks > 0)
    }
}
