//! Removing counts of calls by age.

use domain::platform::timestamp::Timestamp;

use crate::platform::{Housekeeping, Sql, StoreError, statements, values};

/// Calls without a known caller have no organization.
macro_rules! remove {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE (organization_id, begins_at, actor_id, token_id, method, route, status_class) IN (SELECT \
             organization_id, begins_at, actor_id, token_id, method, route, status_class FROM ",
            $table,
            " WHERE organization_id IN (SELECT id FROM organization UNION ALL SELECT '') AND begins_at < $1 LIMIT $2)"
        )
    };
}

statements! {
    const REMOVE_MINUTES: Sql = remove!("usage_minute");
    const REMOVE_HOURS: Sql = remove!("usage_hour");
}

/// Counts that are removed by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldCounts {
    /// Of minutes.
    Minutes,
    /// Of hours.
    Hours,
}

impl Housekeeping {
    /// Removes counts of steps that begin before a time, at most `limit`. Returns how many were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn remove_old_counts(
        &mut self,
        counts: OldCounts,
        before: Timestamp,
        limit: i64,
    ) -> Result<u64, StoreError> {
        let statement = match counts {
            OldCounts::Minutes => REMOVE_MINUTES,
            OldCounts::Hours => REMOVE_HOURS,
        };
        self.execute(statement, values![before, limit]).await
    }
}
