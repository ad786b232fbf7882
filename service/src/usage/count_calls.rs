//! Counts the calls of the call log into minutes and hours, each call once.

use std::time::Duration;

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
        let newest = self
            .platform
            .store()
            .read()
            .await?
            .find_newest_uncounted_block()
            .await?;
        let Some(newest) = newest else { return Ok(()) };
        loop {
            // Blocks are immutable, so they are read and counted outside the write transaction.
            let mut read = self.platform.store().read().await?;
            let counts = read.count_uncounted_blocks(newest, BLOCKS).await?;
            drop(read);
            if counts.is_empty() {
                return Ok(());
            }
            let mut housekeeping = self.platform.store().housekeep().await?;
            if housekeeping.add_call_counts(&counts).await? {
                housekeeping.finish().await?;
                if counts.unreadable() > 0 {
                    tracing::error!(
                        blocks = counts.unreadable(),
                        "Calls cannot be read and are not counted. Run `countersign audit verify` to check whether they were changed."
                    );
                }
            }
        }
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
