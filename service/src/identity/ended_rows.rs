//! Removing tokens, sessions and invitations some time after they ended.

use domain::platform::timestamp::Timestamp;
use store::EndedRows;

use crate::{
    audit::retention::KeepDays,
    identity::handle::Identities,
    platform::{error::ServiceError, removal_run::RemovalRun},
};

/// Maximum number of rows removed in one transaction, which bounds how long other writers wait.
const ROWS_AT_ONCE: i64 = 250;

impl Identities {
    /// Removes tokens, sessions and invitations that ended longer ago than they are kept. A token with which
    /// an audited change was made is kept. Returns how many were removed.
    pub(crate) async fn remove_ended_rows(
        &self,
        keep: KeepDays,
        run: &RemovalRun,
    ) -> Result<u64, ServiceError> {
        let Some(days) = keep.ended else { return Ok(0) };
        let before = run.days_ago(days.into());
        let mut removed = 0;
        for rows in EndedRows::ALL {
            // Rows that are kept are not read again.
            let mut from = Timestamp::from_micros(i64::MIN);
            while !run.is_over() {
                let mut read = self.platform.store().read().await?;
                let (ids, last) = read
                    .list_ended_rows(rows, from, before, ROWS_AT_ONCE)
                    .await?;
                drop(read);
                if ids.is_empty() {
                    break;
                }
                from = last;
                let mut housekeeping = self.platform.store().housekeep().await?;
                removed += housekeeping.remove_ended_rows(rows, &ids).await?;
                housekeeping.finish().await?;
            }
        }
        Ok(removed)
    }
}
