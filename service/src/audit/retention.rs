//! Retention: expired rows of the audit log and the call log are deleted, one checkpoint at a time.
//!
//! A row is deleted when the checkpoint that covers it is old enough, so never before its time; rows that no checkpoint
//! covers yet are kept. Before the deletion, the number of the last expired checkpoint is stored and signed, so that
//! verification can tell rows deleted by retention from rows deleted otherwise. Checkpoints themselves are kept.

use domain::{
    audit::event::{Action, FieldChange, ObjectType},
    platform::{id::Id, timestamp::Timestamp},
};
use serde_json::json;
use store::{Checkpoint, Housekeeping, LogKind, Retention, StoreError};

use crate::{
    audit::{
        commit::{done, object},
        handle::Audit,
        sinks::waited_for_since,
    },
    platform::{
        error::{ErrorChain, ServiceError},
        removal_run::RemovalRun,
    },
};

/// Maximum number of events deleted in one transaction, which bounds how long other writers wait.
const EVENTS_AT_ONCE: i64 = 250;

/// Maximum number of call blocks deleted in one transaction.
const BLOCKS_AT_ONCE: usize = 8;

/// How long events, calls, and what ended are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeepDays {
    /// Retention of the audit log, in days; `None` keeps events forever.
    pub events: Option<u32>,
    /// Retention of the call log, in days; `None` keeps calls forever.
    pub calls: Option<u32>,
    /// How long tokens, sessions and invitations are kept after they ended, in days; `None` keeps them forever.
    pub ended: Option<u32>,
}

impl KeepDays {
    /// The minimum retention, in days (docs/contract.md#info).
    pub const FEWEST: u32 = 30;

    fn of(self, kind: LogKind) -> Option<u32> {
        match kind {
            LogKind::Event => self.events,
            LogKind::Call => self.calls,
        }
    }
}

impl Audit {
    /// Deletes expired rows. Returns the number of deleted rows: events and blocks of calls.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn remove_expired(
        &self,
        keep: KeepDays,
        run: &RemovalRun,
    ) -> Result<u64, ServiceError> {
        let mut removed = 0;
        for kind in LogKind::ALL {
            if let Some(days) = keep.of(kind) {
                removed += self.remove_kind(kind, days, run).await?;
            }
        }
        Ok(removed)
    }

    /// Deletes the rows of a kind that are covered by checkpoints before `until`, and adds an event for the deletion,
    /// also when only a part of it succeeded.
    async fn remove_kind(
        &self,
        kind: LogKind,
        days: u32,
        run: &RemovalRun,
    ) -> Result<u64, ServiceError> {
        let until = run.days_ago(days.into());
        let mut removed = 0;
        let ran = self.remove_before(kind, until, run, &mut removed).await;
        if removed > 0
            && let Err(error) = self.record_removal(kind, until, removed).await
        {
            tracing::error!(
                log = kind.label(),
                rows = removed,
                until = until.to_date_and_time(),
                error = %ErrorChain(&error),
                "Expired rows were deleted, and the audit event of the deletion cannot be stored."
            );
            return Err(error);
        }
        ran.map(|()| removed)
    }

    /// Deletes the rows of a kind, checkpoint by checkpoint, and adds their number to `removed`.
    async fn remove_before(
        &self,
        kind: LogKind,
        until: Timestamp,
        run: &RemovalRun,
        removed: &mut u64,
    ) -> Result<(), ServiceError> {
        let mut read = self.platform.store().read().await?;
        let done_to = read
            .find_retention(kind)
            .await?
            .map_or(0, |done| done.checkpoint);
        let sinks_have = read
            .find_slowest_sink(waited_for_since(run.now()))
            .await?
            .unwrap_or(i64::MAX);
        if kind == LogKind::Event {
            let last = read
                .find_last_event_before(done_to, until, sinks_have)
                .await?;
            if let Some(last) = last
                && !self.repeat_states(last, run).await?
            {
                return Ok(());
            }
        }
        // Repeats the last checkpoint, because the previous run may have been interrupted in it.
        let mut after = (done_to - 1).max(0);
        while !run.is_over() {
            let next = read.list_checkpoints(after, 1).await?.pop();
            let Some(checkpoint) =
                next.filter(|checkpoint| checkpoint.at < until && checkpoint.number <= sinks_have)
            else {
                return Ok(());
            };
            if checkpoint.number > done_to {
                self.say_removed(kind, checkpoint.number).await?;
            }
            self.remove_rows(kind, &checkpoint, removed).await?;
            after = checkpoint.number;
        }
        Ok(())
    }

    async fn say_removed(&self, kind: LogKind, checkpoint: i64) -> Result<(), ServiceError> {
        let mut retention = Retention {
            kind,
            checkpoint,
            at: self.platform.now(),
            signature: Vec::new(),
            log_signature: None,
        };
        retention.log_signature = self.log_signature(&retention).await?;
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.hold_keys().await?;
        retention.signature = self.checkpoint_key().sign_retention(&retention);
        housekeeping.put_retention(&retention).await?;
        Ok(housekeeping.finish().await?)
    }

    async fn remove_rows(
        &self,
        kind: LogKind,
        checkpoint: &Checkpoint,
        removed: &mut u64,
    ) -> Result<(), ServiceError> {
        match kind {
            LogKind::Event => loop {
                let mut housekeeping = self.platform.store().housekeep().await?;
                let some = housekeeping
                    .remove_events(checkpoint.last_event, EVENTS_AT_ONCE)
                    .await?;
                finish_removal(housekeeping, some, removed).await?;
                if some == 0 {
                    return Ok(());
                }
            },
            LogKind::Call => {
                for ids in checkpoint.blocks.chunks(BLOCKS_AT_ONCE) {
                    let mut housekeeping = self.platform.store().housekeep().await?;
                    let some = housekeeping.remove_call_blocks(ids).await?;
                    finish_removal(housekeeping, some, removed).await?;
                }
                Ok(())
            }
        }
    }

    async fn record_removal(
        &self,
        kind: LogKind,
        until: Timestamp,
        removed: u64,
    ) -> Result<(), ServiceError> {
        let caller = self.platform.system_caller().await?;
        let name = match kind {
            LogKind::Event => format!("events before {}", until.to_date_and_time()),
            LogKind::Call => format!("calls before {}", until.to_date_and_time()),
        };
        let about = object(ObjectType::AuditLog, Id::from_bits(0), name);
        let change = FieldChange {
            field: "rows".to_owned(),
            before: Some(json!(removed)),
            after: None,
        };
        let event = done(
            &caller,
            self.platform.now(),
            Action::Delete,
            about,
            vec![change],
        );
        let write = self.platform.store().write().await?;
        self.commit(write, event).await
    }
}

/// Commits a removal and counts its rows, also when the answer to the commit is lost.
async fn finish_removal(
    housekeeping: Housekeeping,
    rows: u64,
    removed: &mut u64,
) -> Result<(), ServiceError> {
    let finished = housekeeping.finish().await;
    if let Ok(()) | Err(StoreError::OutcomeUnknown(_)) = finished {
        *removed += rows;
    }
    Ok(finished?)
}
