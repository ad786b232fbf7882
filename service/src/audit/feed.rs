//! The change feed: every node reads new audit events and evicts the cached identities they affect.
//!
//! PostgreSQL notifies the nodes of new events. A poll every [`POLL_INTERVAL`] covers missed notifications and
//! processes that share an SQLite file. A node that has not read from its database for [`limits::LEASE_SECONDS`]
//! rejects every credential, because it could have missed a revocation.

pub(crate) mod position;

use std::{sync::atomic::Ordering, time::Duration};

use domain::{
    audit::{event::Outcome, events::Events},
    platform::limits,
};
use store::ChangeListener;

use crate::{
    audit::handle::Audit,
    platform::{
        error::{ErrorChain, ServiceError},
        tasks::Closing,
    },
};

/// How often the feed is read without a notification.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Number of events in one read.
const BATCH: i64 = 1_000;

impl Audit {
    /// Fails when the database has not answered for so long that the cache cannot be trusted.
    pub(crate) fn check_lease(&self) -> Result<(), ServiceError> {
        let lease = Duration::from_secs(limits::LEASE_SECONDS.unsigned_abs());
        if self.feed.silence() > lease {
            Err(ServiceError::Unavailable(None))
        } else {
            Ok(())
        }
    }

    /// Evicts the cache entries that these events affect, on the node that committed them.
    pub(crate) fn apply(&self, events: &Events) {
        // A denied operation changed nothing.
        for event in events.iter().filter(|event| event.outcome == Outcome::Done) {
            self.observer
                .changed(event.action, event.object.kind, event.object.id);
        }
    }

    /// Reads the feed to its end and synchronizes the clock with that of the database.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn catch_up(&self) -> Result<(), ServiceError> {
        let _one_at_a_time = self.feed.reading.lock().await;
        let mut read = self.platform.store().read().await?;
        loop {
            let entries = read
                .list_feed(self.feed.read_to.load(Ordering::SeqCst), BATCH)
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
                    tracing::warn!(error = %ErrorChain(error), "The database cannot be read; credentials will be rejected soon.");
                }
                (Ok(()), false) => tracing::info!("The database can be read again."),
                (Err(_), false) | (Ok(()), true) => {}
            }
            reachable = caught_up.is_ok();
        }
    }
}

/// Waits for a notification; forever without a listener. Returns `false` when the connection of the listener was lost.
async fn notified(listener: &mut Option<ChangeListener>) -> bool {
    match listener {
        Some(listener) => listener.wait().await.is_ok(),
        None => std::future::pending().await,
    }
}
