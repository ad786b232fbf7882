//! The change feed: every node reads the record as it grows and forgets the cached identities it touches.
//!
//! PostgreSQL says when the record has grown; a poll every [`POLL_INTERVAL`] finds what was not heard, and is how
//! processes on one SQLite file learn of each other. A node that has not heard from its database for
//! [`limits::LEASE_SECONDS`] refuses every credential: it could have missed a revocation.

use std::{sync::atomic::Ordering, time::Duration};

use domain::{
    audit::event::{AuditEvent, Outcome},
    platform::limits,
};
use store::ChangeListener;

use crate::{
    audit::handle::Audit,
    platform::{
        error::{Chain, ServiceError},
        tasks::Closing,
    },
};

/// How often the feed is read without being told to.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Entries read at once.
const BATCH: i64 = 1_000;

impl Audit {
    /// Refuses when the database has been silent for too long to trust what is cached.
    pub(crate) fn check_lease(&self) -> Result<(), ServiceError> {
        let lease = Duration::from_secs(limits::LEASE_SECONDS.unsigned_abs());
        if self.feed.silence() > lease {
            Err(ServiceError::Unavailable(None))
        } else {
            Ok(())
        }
    }

    /// Forgets what these events touch, at once, on the node that committed them.
    pub(crate) fn apply(&self, events: &[AuditEvent]) {
        // What was refused changed nothing.
        for event in events.iter().filter(|event| event.outcome == Outcome::Done) {
            self.observer
                .changed(event.action, event.object.kind, event.object.id);
        }
    }

    /// Reads the feed to its end and sets the clock by the database's.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database cannot be asked.
    pub async fn catch_up(&self) -> Result<(), ServiceError> {
        let _one_at_a_time = self.feed.reading.lock().await;
        let mut read = self.platform.store().read().await?;
        loop {
            let entries = read
                .feed_after(self.feed.read_to.load(Ordering::SeqCst), BATCH)
                .await?;
            for entry in &entries {
                if entry.outcome == Outcome::Done {
                    self.observer
                        .changed(entry.action, entry.object_type, entry.object_id);
                }
                self.feed.read_to.store(entry.number, Ordering::SeqCst);
            }
            if entries.is_empty() {
                break;
            }
        }
        if let Some(database_now) = read.clock().await? {
            self.platform.clock().follow(database_now);
        }
        self.feed.in_contact();
        Ok(())
    }

    /// Reads the feed whenever the database notifies or a poll is due.
    pub(super) async fn follow_feed(self, mut closing: Closing) {
        let mut listener = None;
        let mut reachable = true;
        loop {
            if listener.is_none() {
                listener = self.platform.store().listen().await.ok().flatten();
            }
            tokio::select! {
                is_closing = closing.wait_or(POLL_INTERVAL) => if is_closing { return },
                notified = notified(&mut listener) => if !notified { listener = None },
            }
            let caught_up = self.catch_up().await;
            match (&caught_up, reachable) {
                (Err(error), true) => {
                    tracing::warn!(error = %Chain(error), "The database cannot be read; credentials will be rejected soon.");
                }
                (Ok(()), false) => tracing::info!("The database can be read again."),
                (Err(_), false) | (Ok(()), true) => {}
            }
            reachable = caught_up.is_ok();
        }
    }
}

/// Waits for a notification; for ever without a listener. `false` when its connection was lost.
async fn notified(listener: &mut Option<ChangeListener>) -> bool {
    match listener {
        Some(listener) => listener.heard().await.is_ok(),
        None => std::future::pending().await,
    }
}
