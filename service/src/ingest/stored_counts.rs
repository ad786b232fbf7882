//! Stores what was counted, in batches.

use std::time::Duration;

use store::IngestCount;

use crate::{
    ingest::{counts::IngestTotals, handle::Ingest},
    platform::{error::ServiceError, tasks::Tasks},
};

/// How often counts are stored: what a crash can lose of them.
const STORE_INTERVAL: Duration = Duration::from_secs(5);

/// Counts stored in one transaction: writes wait no longer than this takes.
const BATCH: usize = 200;

impl Ingest {
    /// What was handed in since the process began.
    pub(crate) fn totals(&self) -> IngestTotals {
        self.intake.counts.totals()
    }

    /// Stores every count gathered so far. What cannot be stored is kept for the next time.
    pub(crate) async fn store_counts(&self) -> Result<(), ServiceError> {
        let counts = self.intake.counts.take(self.platform.now());
        let mut stored = Ok(());
        for batch in counts.chunks(BATCH) {
            if stored.is_ok() {
                stored = self.add_ingest_counts(batch).await;
            }
            if stored.is_err() {
                batch
                    .iter()
                    .for_each(|count| self.intake.counts.note(count));
            }
        }
        stored
    }

    async fn add_ingest_counts(&self, counts: &[IngestCount]) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.add_ingest_counts(counts).await?;
        Ok(housekeeping.finish().await?)
    }

    /// Starts storing counts in the background.
    pub(crate) fn start(&self, tasks: &Tasks) {
        let ingest = self.clone();
        tasks.every("store ingest counts", STORE_INTERVAL, move || {
            let ingest = ingest.clone();
            async move { ingest.store_counts().await }
        });
    }
}
