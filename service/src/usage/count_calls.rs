//! Counts the calls of the call log into minutes and hours, each call once.

use std::time::Duration;

use store::UnstoredCallCounts;

use crate::{
    platform::{error::ServiceError, tasks::Tasks},
    usage::handle::UsageCounts,
};

/// How often calls are counted in the background.
const COUNT_INTERVAL: Duration = Duration::from_secs(10);

/// Maximum number of blocks counted in one transaction: up to a million calls.
const BLOCKS: usize = 1_024;

impl UsageCounts {
    /// Counts all calls that are stored and not counted yet, except those stored meanwhile.
    pub(crate) async fn count_calls(&self) -> Result<(), ServiceError> {
        // Counting stops at the newest block of now, because on a busy server the loop would not end.
        let Some((mut newest, mut merges)) = self.uncounted().await? else {
            return Ok(());
        };
        loop {
            // Blocks are immutable, so they are read and counted outside the write transaction.
            let mut read = self.platform.store().read().await?;
            let counts = read.count_uncounted_blocks(newest, BLOCKS).await?;
            drop(read);
            if !counts.is_empty() && self.add_counts(&counts).await? {
                continue;
            }
            // Blocks may have been merged into one that is newer, or another node has counted them.
            match self.uncounted().await? {
                Some(found) if found.1 != merges => (newest, merges) = found,
                Some(_) if !counts.is_empty() => {}
                Some(_) | None => return Ok(()),
            }
        }
    }

    /// The newest block that is not counted, and the number of merges of blocks; `None` when all are counted.
    async fn uncounted(&self) -> Result<Option<(i64, i64)>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let merges = read.block_merge_number().await?;
        let newest = read.find_newest_uncounted_block().await?;
        Ok(newest.map(|newest| (newest, merges)))
    }

    /// Stores counts; `false` when another node has counted or merged one of their blocks.
    async fn add_counts(&self, counts: &UnstoredCallCounts) -> Result<bool, ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        if !housekeeping.add_call_counts(counts).await? {
            return Ok(false);
        }
        housekeeping.finish().await?;
        if counts.unreadable() > 0 {
            tracing::error!(
                blocks = counts.unreadable(),
                "Calls cannot be read and are not counted. Run `countersign audit verify` to check whether they were changed."
            );
        }
        Ok(true)
    }

    /// Starts counting calls in the background.
    pub(crate) fn start(&self, tasks: &Tasks) {
        let usage = self.clone();
        tasks.every("count calls", COUNT_INTERVAL, move || {
            let usage = usage.clone();
            async move { usage.count_calls().await }
        });
    }
}
