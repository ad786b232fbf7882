//! The check in a running server: slow, and repeated as long as the server runs.

use std::time::Duration;

use domain::platform::timestamp::Timestamp;
use store::{DatabaseFault, FaultKind};

use super::{check::Pace, finding::StateVerdict};
use crate::{
    audit::handle::Audit,
    platform::{
        error::ServiceError,
        tasks::{Closing, Tasks, report},
    },
};

/// The time from the start of the server to the first check, and from the end of a check to the next.
const INTERVALS: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(3_600)];

/// The pause after each read.
const PAUSE: Duration = Duration::from_millis(20);

/// Number of rows that a message names.
const NAMED: usize = 10;

impl Audit {
    /// The result of the newest check of this process.
    pub(crate) fn state_deviations(&self) -> Option<(u64, Timestamp)> {
        self.states.newest()
    }

    /// Starts the background task that compares rows with the audit log.
    pub(crate) fn start_checking_states(&self, tasks: &Tasks) {
        let audit = self.clone();
        tasks.spawn("compare rows with the audit log", |closing| {
            audit.keep_checking_states(closing)
        });
    }

    /// Checks again and again until the service closes.
    async fn keep_checking_states(self, mut closing: Closing) {
        let [mut pause, interval] = INTERVALS;
        let mut noted = None;
        while !closing.wait_or(pause).await {
            let checked = self
                .check_states_once(Some(closing.clone()), &mut noted)
                .await;
            report("compare rows with the audit log", checked);
            pause = interval;
        }
    }

    /// Compares all rows with the audit log, as a server does every hour, and stores deviations as a fault of the
    /// database.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn check_all_states(&self) -> Result<(), ServiceError> {
        self.check_states_once(None, &mut None).await
    }

    /// `noted` is the fault that was stored last: one that an operator has confirmed is not stored again.
    async fn check_states_once(
        &self,
        closing: Option<Closing>,
        noted: &mut Option<String>,
    ) -> Result<(), ServiceError> {
        let mut pace = Pace {
            pause: PAUSE,
            closing,
        };
        let Some(verdict) = self.check_states(&mut pace).await? else {
            return Ok(());
        };
        let at = self.platform.now();
        let deviations = u64::try_from(verdict.deviations()).unwrap_or(u64::MAX);
        self.states.set(deviations, at);
        let detail = detail(&verdict);
        if detail == *noted {
            return Ok(());
        }
        if let Some(detail) = &detail {
            tracing::error!("{detail}");
            let mut housekeeping = self.platform.store().housekeep().await?;
            housekeeping
                .note_database_fault(&DatabaseFault {
                    at,
                    kind: FaultKind::StateDiffers,
                    detail: detail.clone(),
                })
                .await?;
            housekeeping.finish().await?;
        }
        *noted = detail;
        Ok(())
    }
}

/// What operators have to confirm; `None` when there are no deviations.
fn detail(verdict: &StateVerdict) -> Option<String> {
    let findings = verdict.findings.iter().take(NAMED);
    let mut named: Vec<String> = findings.map(ToString::to_string).collect();
    if verdict.is_start_forged {
        named.insert(
            0,
            "The table row_state_start was emptied or changed.".to_owned(),
        );
    }
    if named.is_empty() {
        return None;
    }
    let more = verdict.findings.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("And {more} more."));
    }
    Some(format!(
        "Rows were changed by others than Countersign. {}",
        named.join(" ")
    ))
}
