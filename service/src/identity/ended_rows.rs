//! Removing tokens, sessions and invitations some time after they ended.

use domain::{
    audit::event::{Action, FieldChange, ObjectType},
    platform::{id::Id, timestamp::Timestamp},
};
use serde_json::json;
use store::EndedRows;

use crate::{
    audit::{
        commit::{done, object},
        retention::KeepDays,
    },
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
                removed += self.remove_rows(rows, &ids, before).await?;
            }
        }
        Ok(removed)
    }

    /// Removes rows with an event, so that rows that others remove are found.
    async fn remove_rows(
        &self,
        rows: EndedRows,
        ids: &[String],
        before: Timestamp,
    ) -> Result<u64, ServiceError> {
        let caller = self.platform.system_caller().await?;
        let mut write = self.platform.store().write().await?;
        let removed = write.remove_ended_rows(rows, ids).await?;
        if removed == 0 {
            return Ok(0);
        }
        let what = match rows {
            EndedRows::Tokens => "tokens",
            EndedRows::Sessions => "sessions",
            EndedRows::Invitations => "invitations",
        };
        let name = format!("{what} that ended before {}", before.to_date_and_time());
        let about = object(ObjectType::AuditLog, Id::from_bits(0), name);
        let change = FieldChange {
            field: "rows".to_owned(),
            before: Some(json!(removed)),
            after: None,
        };
        let at = self.platform.now();
        let event = done(&caller, at, Action::Delete, about, vec![change]);
        self.audit.commit(write, event).await?;
        Ok(removed)
    }
}
