//! Table `call_block`: about a thousand calls in each row. A row for each call would cost more than the call itself.
//!
//! Sources and targets, which many calls of a block share, are stored once. `new_call` encodes a block, `call` decodes
//! it, [`CallWalk`] reads blocks in order.
//!
//! [`CallWalk`]: super::walk::CallWalk

use domain::platform::id::Id;

use super::new_call::{EncodedCalls, NewCall};
use crate::platform::{Housekeeping, Sql, StoreError, joined, statements, values};

/// The maximum number of calls in a block. Encoding them takes well under a millisecond.
pub const CALLS_PER_BLOCK: usize = 1_024;

/// The maximum time between the first and the last call of a block, in microseconds.
pub const BLOCK_SPAN_MICROS: i64 = 60_000_000;

statements! {
    const INSERT_AND_QUEUE: Sql = joined!(
        "INSERT INTO call_block (id, writes, first_at, last_at, call_count, sources, targets, calls) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        "INSERT INTO unsealed_block (block_id) VALUES ($1)",
        "INSERT INTO uncounted_block (block_id) VALUES ($1)"
    );
}

impl Housekeeping {
    /// Adds a block of calls, all reading or all writing: at most [`CALLS_PER_BLOCK`] within [`BLOCK_SPAN_MICROS`].
    /// Queues it for a checkpoint and for counting.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects them.
    pub async fn insert_call_block<'a>(
        &mut self,
        id: Id,
        writes: bool,
        calls: impl ExactSizeIterator<Item = NewCall<'a>> + Clone,
    ) -> Result<(), StoreError> {
        let Some(encoded) = EncodedCalls::encode(calls)? else {
            return Ok(());
        };
        let values = values![
            id.bits().cast_signed(),
            writes,
            encoded.first_at,
            encoded.last_at,
            encoded.count,
            encoded.sources,
            encoded.targets,
            encoded.numbers,
        ];
        self.execute(INSERT_AND_QUEUE, values).await.map(drop)
    }
}
