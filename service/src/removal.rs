//! Removal of old rows: one task looks at the clock, and removes rows by age unless the clock has jumped.

use std::time::{Duration, Instant};

use crate::{
    audit::{clock_watch::ClockWatch, handle::Audit, retention::KeepDays},
    identity::handle::Identities,
    ingest::handle::Ingest,
    platform::{
        error::ServiceError,
        handle::Platform,
        removal_run::RemovalRun,
        tasks::{Closing, Tasks, report},
    },
    service::{Rooms, Service},
    usage::handle::UsageCounts,
};

/// How often to look at the clock.
const CLOCK_INTERVAL: Duration = Duration::from_secs(60);

/// How often to look for old rows.
const INTERVAL: Duration = Duration::from_secs(600);

/// The rooms that have old rows.
#[derive(Debug, Clone)]
pub(crate) struct Removal {
    platform: Platform,
    audit: Audit,
    identity: Identities,
    usage: UsageCounts,
    ingest: Ingest,
}

impl Removal {
    pub(crate) fn of(rooms: &Rooms) -> Self {
        Self {
            platform: rooms.platform.clone(),
            audit: rooms.audit.clone(),
            identity: rooms.identity.clone(),
            usage: rooms.usage.clone(),
            ingest: rooms.ingest.clone(),
        }
    }

    /// Starts watching the clock and removing old rows.
    pub(crate) fn start(self, tasks: &Tasks, keep: KeepDays) {
        tasks.spawn("remove old rows", |closing| self.run(keep, closing));
    }

    async fn run(self, keep: KeepDays, mut closing: Closing) {
        let mut watch = ClockWatch::default();
        let mut removal_at = Instant::now();
        loop {
            let run = RemovalRun::at(self.platform.now()).until_closing(closing.clone());
            let watched = self.audit.watch_clock(&mut watch).await;
            let is_due = watched.is_ok() && Instant::now() >= removal_at;
            report("watch the clock", watched);
            if is_due {
                report("remove old rows", self.remove(keep, &run).await.map(drop));
                report("return space", self.return_space(&run).await);
                removal_at = Instant::now() + INTERVAL;
            }
            if closing.wait_or(CLOCK_INTERVAL).await {
                return report("store the time", self.audit.store_newest_time().await);
            }
        }
    }

    /// Removes old rows, unless the clock has jumped. Returns how many were removed. Rows of one kind that cannot be
    /// removed do not keep the others.
    async fn remove(&self, keep: KeepDays, run: &RemovalRun) -> Result<u64, ServiceError> {
        if self.audit.has_jumped().await? {
            return Ok(0);
        }
        let removed = [
            self.audit.remove_idempotent_results(run).await,
            self.audit.remove_expired(keep, run).await,
            self.identity.remove_ended_rows(keep, run).await,
            self.usage.remove_old_counts(run).await,
            self.ingest.remove_old_series(run).await,
        ];
        removed.into_iter().sum()
    }

    /// Returns the space of removed rows to the file system, step by step.
    async fn return_space(&self, run: &RemovalRun) -> Result<(), ServiceError> {
        while !run.is_over() && self.platform.store().return_space().await? {}
        Ok(())
    }
}

impl Service {
    /// Removes old rows, as a server does every few minutes: by `keep` those of the audit log and the call log, and
    /// tokens, sessions and invitations that ended; results of requests with an idempotency key; counts of calls; series of the metric catalog. Nothing
    /// when the clock has jumped. Returns their space and how many were removed.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn remove_old_rows(&self, keep: KeepDays) -> Result<u64, ServiceError> {
        let removal = Removal::of(&self.rooms);
        let run = RemovalRun::at(removal.platform.now());
        let removed = removal.remove(keep, &run).await?;
        removal.return_space(&run).await?;
        Ok(removed)
    }
}
