//! Stores the ingest counts in batches.

use std::time::Duration;

use store::IngestCount;

use crate::{
    ingest::{counts::IngestTotals, handle::Ingest},
    platform::{error::ServiceError, tasks::Tasks},
};

/// How often counts are stored, and so the most that a crash can lose.
const STORE_INTERVAL: Duration = Duration::from_secs(5);

/// Maximum number of counts in one transaction, which bounds how long other writers wait.
const BATCH: usize = 200;

impl Ingest {
    /// The totals since the start of the process.
    pub(crate) fn totals(&self) -> IngestTotals {
        self.intake.counts.totals()
    }

    /// Stores all gathered counts. Counts that cannot be stored are kept for the next run.
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
