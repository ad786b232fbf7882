//! Verifies the rows that no checkpoint covers yet: by their MAC, and by their numbers.

use std::collections::HashSet;

use super::{
    finding::Finding,
    verify::{BATCH, Check},
};
use crate::platform::error::ServiceError;

impl Check {
    pub(super) async fn uncovered_block(&mut self, id: i64) -> Result<(), ServiceError> {
        // A block that was merged meanwhile does not exist.
        let row = self.read.find_block_row(id).await?;
        if self.has_macs && row.is_some_and(|row| !row.has_mac) {
            self.find(Finding::BlockForged(id));
        }
        Ok(())
    }

    /// Verifies that the blocks that no checkpoint covers yet exist. Those that were merged meanwhile do not.
    pub(super) async fn uncovered_blocks(
        &mut self,
        waiting: &HashSet<i64>,
    ) -> Result<(), ServiceError> {
        let mut missing = Vec::new();
        for id in waiting {
            if !self.has_block(*id).await? {
                missing.push(*id);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let still_waiting = self.read.list_uncovered_blocks(i64::MAX).await?;
        let is_queued = |id: &i64| still_waiting.binary_search(id).is_ok();
        for id in missing.into_iter().filter(is_queued) {
            self.find(Finding::BlockMissing(id));
        }
        Ok(())
    }

    pub(super) async fn has_block(&mut self, id: i64) -> Result<bool, ServiceError> {
        Ok(self.read.find_block_row(id).await?.is_some())
    }

    /// Verifies that no event after the last checkpoint is missing or lacks its MAC, and that none has a number that was
    /// not assigned.
    pub(super) async fn uncovered_events(&mut self, last_covered: i64) -> Result<(), ServiceError> {
        for row in self.read.list_event_rows(i64::MIN, 0, BATCH).await? {
            self.find(Finding::EventInserted(row.key));
        }
        let counted = self.read.newest_event_number().await?;
        let mut expected = last_covered + 1;
        while expected <= counted {
            let rows = self
                .read
                .list_event_rows(expected - 1, counted, BATCH)
                .await?;
            let end = rows.last().map_or(counted, |row| row.key);
            for row in rows {
                (expected..row.key).for_each(|number| self.find(Finding::EventMissing(number)));
                expected = row.key + 1;
                self.verdict.uncovered_events += 1;
                if self.has_macs && !row.has_mac {
                    self.find(Finding::EventForged(row.key));
                }
            }
            (expected..=end).for_each(|number| self.find(Finding::EventMissing(number)));
            expected = end + 1;
        }
        let beyond = self.read.list_event_rows(counted, i64::MAX, BATCH).await?;
        // Events that were committed meanwhile are counted now.
        let counted = self.read.newest_event_number().await?;
        for row in beyond.iter().filter(|row| row.key > counted) {
            self.find(Finding::EventInserted(row.key));
        }
        Ok(())
    }
}
