//! Suspends retention when the clock has jumped forward, because a wrong clock would delete the whole audit log, and
//! stores the newest time that was seen.

use std::time::Duration;

use domain::{
    audit::event::{Action, FieldChange, ObjectType},
    platform::{id::Id, timestamp::Timestamp},
};
use serde_json::json;
use store::{DatabaseFault, FaultKind};

use crate::{
    audit::{
        commit::{done, object},
        handle::Audit,
    },
    platform::error::ServiceError,
};

/// How far the clock may be ahead of the stored time at the start.
const STOPPED: Duration = Duration::from_hours(7 * 24);

/// How far the clock may advance more than the time that has passed.
const JUMP: Duration = Duration::from_hours(1);

/// The clock and the time that had passed at the last look.
#[derive(Debug, Default)]
pub(crate) struct ClockWatch(Option<(Timestamp, Duration)>);

impl Audit {
    /// Looks at the clock: notes a fault when it has jumped, and otherwise stores its time.
    pub(crate) async fn watch_clock(&self, watch: &mut ClockWatch) -> Result<(), ServiceError> {
        // Not the newest time that was shown, because an operator may have confirmed that it was wrong.
        let now = self.platform.clock().unlimited_now();
        let (before, allowed) = match watch.0 {
            Some((at, seen)) => (Some(at), time_since_boot().saturating_sub(seen) + JUMP),
            None => (
                self.platform
                    .store()
                    .read()
                    .await?
                    .find_newest_time()
                    .await?,
                STOPPED,
            ),
        };
        let jump = before.map_or(0, |before| now.as_micros() - before.as_micros());
        if u128::try_from(jump).unwrap_or(0) > allowed.as_micros() {
            self.note_jump(before.unwrap_or(now), now).await?;
        }
        self.store_newest_time().await?;
        watch.0 = Some((now, time_since_boot()));
        Ok(())
    }

    /// Stores the time of the clock. Tokens that expired by a wrong clock stay expired until an operator confirms the
    /// fault.
    pub(crate) async fn store_newest_time(&self) -> Result<(), ServiceError> {
        let now = self.platform.clock().unlimited_now();
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.raise_newest_time(now).await?;
        Ok(housekeeping.finish().await?)
    }

    async fn note_jump(&self, before: Timestamp, now: Timestamp) -> Result<(), ServiceError> {
        let detail = jump_detail(before, now);
        tracing::error!(
            "{detail} Audit events and calls are kept until an operator runs `countersign check --confirm`."
        );
        let kind = FaultKind::ClockJump;
        self.note_fault(DatabaseFault {
            at: now,
            kind,
            detail,
        })
        .await
    }

    /// Whether the clock has jumped, and no operator has confirmed it.
    pub(crate) async fn has_jumped(&self) -> Result<bool, ServiceError> {
        let faults = self
            .platform
            .store()
            .read()
            .await?
            .list_database_faults()
            .await?;
        Ok(faults
            .iter()
            .any(|fault| fault.kind == FaultKind::ClockJump))
    }

    /// Looks at the clock once, as a server does at the start.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn check_clock(&self) -> Result<(), ServiceError> {
        self.watch_clock(&mut ClockWatch::default()).await
    }

    /// Compares the clock with the newest stored time, as a server does at the start, and stores nothing. Returns what
    /// the fault of a jump would be.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn find_clock_jump(&self) -> Result<Option<String>, ServiceError> {
        let now = self.platform.clock().unlimited_now();
        let mut read = self.platform.store().read().await?;
        let before = read.find_newest_time().await?.unwrap_or(now);
        let jump = now.as_micros() - before.as_micros();
        let is_jump = u128::try_from(jump).unwrap_or(0) > STOPPED.as_micros();
        Ok(is_jump.then(|| jump_detail(before, now)))
    }

    /// Confirms all faults of the database and of its clock, and stores the present time of the clock as the newest.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the organization is set up.
    pub async fn confirm_database_faults(&self) -> Result<(), ServiceError> {
        let caller = self.platform.system_caller().await?;
        let mut write = self.platform.store().write().await?;
        let faults = write.list_database_faults().await?;
        write.remove_database_faults().await?;
        // Not the newest time that was shown, which may be the wrong one.
        let now = self.platform.clock().unlimited_now();
        write.set_newest_time(now).await?;
        let changes = faults.into_iter().map(|fault| FieldChange {
            field: "databaseFaults".to_owned(),
            before: Some(json!(fault.detail)),
            after: None,
        });
        let about = object(
            ObjectType::AuditLog,
            Id::from_bits(0),
            "database faults".to_owned(),
        );
        let event = done(&caller, now, Action::Update, about, changes.collect());
        self.commit(write, event).await
    }
}

fn jump_detail(before: Timestamp, now: Timestamp) -> String {
    format!(
        "The clock went from {} to {}.",
        before.to_date_and_time(),
        now.to_date_and_time()
    )
}

/// The time since the machine started, in which it may have been suspended.
fn time_since_boot() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanos)
}
