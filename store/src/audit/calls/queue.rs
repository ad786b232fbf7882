//! Tables `unsealed_block` and `uncounted_block`: the blocks of calls that no checkpoint covers, and those that are not
//! counted. A block is taken from a queue in the transaction that covers, counts or merges it.

use crate::platform::{Housekeeping, Sql, StoreError, Value, over_rows, statements, values};

statements! {
    const TAKE_UNCOVERED: Sql = over_rows!(
        "DELETE FROM unsealed_block WHERE block_id IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM",
        ")"
    );
    const TAKE_UNCOUNTED: Sql = over_rows!(
        "DELETE FROM uncounted_block WHERE block_id IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM",
        ")"
    );
    const LOCK_COUNTING: Sql = "UPDATE counter SET value = value + 1 WHERE name = 'usage'";
}

impl Housekeeping {
    /// Waits until no other transaction counts or merges blocks, so that two never update the same rows at once. It comes
    /// before all other statements, so that no two wait for each other.
    pub(crate) async fn lock_counting(&mut self) -> Result<(), StoreError> {
        self.execute(LOCK_COUNTING, values![]).await.map(drop)
    }

    /// Takes blocks from those that no checkpoint covers; `false` when another transaction has taken one of them, in
    /// which case this one must not be committed.
    pub(crate) async fn take_uncovered_blocks(
        &mut self,
        blocks: &[i64],
    ) -> Result<bool, StoreError> {
        self.take(TAKE_UNCOVERED, blocks).await
    }

    /// Takes blocks from those that are not counted; `false` as for [`Self::take_uncovered_blocks`].
    pub(crate) async fn take_uncounted_blocks(
        &mut self,
        blocks: &[i64],
    ) -> Result<bool, StoreError> {
        self.take(TAKE_UNCOUNTED, blocks).await
    }

    async fn take(&mut self, statement: Sql, blocks: &[i64]) -> Result<bool, StoreError> {
        let taken = self
            .execute(statement, values![Value::number_rows(blocks)?])
            .await?;
        Ok(usize::try_from(taken).ok() == Some(blocks.len()))
    }
}
