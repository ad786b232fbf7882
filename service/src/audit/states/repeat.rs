//! Repeating states before retention removes their events, so that the newest state of each row stays in the log.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType},
    platform::id::Id,
};
use store::LoggedState;

use crate::{
    audit::{
        commit::{done, object},
        handle::Audit,
    },
    platform::{error::ServiceError, removal_run::RemovalRun},
};

/// Number of events in one read, and number of states from which on an event is added.
const BATCH: i64 = 250;

impl Audit {
    /// Adds events that repeat the states of events up to number `to`, which are removed next. Returns `false` when it
    /// was ended early: then these events must stay.
    pub(in crate::audit) async fn repeat_states(
        &self,
        to: i64,
        run: &RemovalRun,
    ) -> Result<bool, ServiceError> {
        let (mut after, mut states) = (0, Vec::new());
        loop {
            if run.is_over() {
                return Ok(false);
            }
            let mut read = self.platform.store().read().await?;
            let found = read.list_states_to_repeat(after, to, BATCH).await?;
            drop(read);
            let is_last = found.is_none();
            if let Some((last, further)) = found {
                after = last;
                states.extend(further);
            }
            let is_full = i64::try_from(states.len()).is_ok_and(|states| states >= BATCH);
            if !states.is_empty() && (is_last || is_full) {
                self.commit_repeated(&states).await?;
                states.clear();
            }
            if is_last {
                return Ok(true);
            }
        }
    }

    async fn commit_repeated(&self, states: &[LoggedState]) -> Result<(), ServiceError> {
        let caller = self.platform.system_caller().await?;
        let about = object(
            ObjectType::AuditLog,
            Id::from_bits(0),
            "states of removed events",
        );
        let event: AuditEvent = done(
            &caller,
            self.platform.now(),
            Action::Update,
            about,
            Vec::new(),
        );
        let mut write = self.platform.store().write().await?;
        write.repeat_states(states);
        self.commit(write, event).await
    }
}
