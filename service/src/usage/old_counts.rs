//! Removing counts of calls by age. Counts per day are kept.

use domain::platform::limits;
use store::OldCounts;

use crate::{
    platform::{error::ServiceError, removal_run::RemovalRun},
    usage::handle::UsageCounts,
};

/// Maximum number of counts removed in one transaction, which bounds how long other writers wait.
const COUNTS_AT_ONCE: i64 = 500;

/// Days that counts are kept longer than queries may ask for them, so that no query finds only a part of them.
const MARGIN_DAYS: i64 = 1;

impl UsageCounts {
    /// Removes counts per minute and per hour that no query may ask for. Returns how many were removed.
    pub(crate) async fn remove_old_counts(&self, run: &RemovalRun) -> Result<u64, ServiceError> {
        let mut removed = 0;
        for (counts, days) in [
            (OldCounts::Minutes, limits::USAGE_MINUTE_DAYS),
            (OldCounts::Hours, limits::USAGE_HOUR_DAYS),
        ] {
            let before = run.days_ago(days + MARGIN_DAYS);
            while !run.is_over() {
                let mut housekeeping = self.platform.store().housekeep().await?;
                let some = housekeeping
                    .remove_old_counts(counts, before, COUNTS_AT_ONCE)
                    .await?;
                housekeeping.finish().await?;
                removed += some;
                if some < COUNTS_AT_ONCE.unsigned_abs() {
                    break;
                }
            }
        }
        Ok(removed)
    }
}
