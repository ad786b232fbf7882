//! The change feed: every node reads new audit events and evicts the cached identities they affect.
//!
//! PostgreSQL notifies the nodes of new events. A poll every [`POLL_INTERVAL`] covers missed notifications and
//! processes that share an SQLite file. A node that has not read from its database for [`limits::LEASE_SECONDS`]
//! rejects every credential, because it could have missed a revocation.

pub(crate) mod position;

use std::time::{Duration, Instant};

use domain::{
    audit::{
        event::{ObjectType, Outcome},
        events::Events,
    },
    platform::limits,
};
use store::{ChangeListener, DatabaseFault, FaultKind, FeedEntry, Read};
use tokio::time::timeout;

use crate::{
    audit::{feed::position::Progress, handle::Audit},
    platform::{
        error::{ErrorChain, ServiceError},
        tasks::Closing,
    },
};

/// How often the feed is read without a notification.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// How long one read may take. A silent connection is replaced before the lease ends.
const READ_TIMEOUT: Duration = Duration::from_secs(2);

/// The pause between two attempts to listen for notifications.
const LISTEN_PAUSE: Duration = Duration::from_secs(2);

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
            let entries = in_time(read.list_feed(self.feed.number(), BATCH)).await?;
            let entries = match self.feed.compare(entries) {
                Progress::New(entries) => entries,
                Progress::Forked => {
                    self.restart_feed(&mut read).await?;
                    continue;
                }
                Progress::Missing => {
                    if in_time(read.newest_event_number()).await? < self.feed.number() {
                        self.restart_feed(&mut read).await?;
                        continue;
                    }
                    Vec::new()
                }
            };
            if entries.is_empty() {
                break;
            }
            if entries
                .iter()
                .any(|entry| entry.object_type == ObjectType::MasterKey)
            {
                in_time(read.refresh_keys()).await?;
            }
            self.apply_feed(&entries);
        }
        if let Some(database_now) = in_time(read.clock()).await? {
            self.platform.clock().follow(database_now);
        }
        self.feed.in_contact();
        Ok(())
    }

    fn apply_feed(&self, entries: &[FeedEntry]) {
        for entry in entries {
            if entry.outcome == Outcome::Done {
                self.observer
                    .changed(entry.action, entry.object_type, entry.object_id);
            }
            self.feed.advance(entry);
        }
    }

    /// Starts over in a database that lacks events that this node has read: after a restore, or a fail-over to a server
    /// without the newest commits. The cache may contain tokens that are revoked there.
    async fn restart_feed(&self, read: &mut Read) -> Result<(), ServiceError> {
        let seen = self.feed.number();
        let newest = in_time(read.newest_event_number()).await?;
        self.observer.missed_changes();
        self.feed.restart_after(newest);
        tracing::error!(
            seen,
            newest,
            "The database is another copy: it lacks audit events that this node has read. All cached tokens are \
             read again. See `countersign check`."
        );
        self.feed.note_fork(DatabaseFault {
            at: self.platform.now(),
            kind: FaultKind::LostEvents,
            detail: format!(
                "A server had read event {seen}, which the database lacks or has in another form."
            ),
        });
        Ok(())
    }

    /// Stores the fault of a fork, if there was one. Not while the feed is read, because a database that was just
    /// promoted may not accept writes yet.
    pub(super) async fn store_fork(&self) -> Result<(), ServiceError> {
        if let Some(fault) = self.feed.fork() {
            self.note_fault(fault.clone()).await?;
            self.feed.forget_fork(&fault);
        }
        Ok(())
    }

    pub(super) async fn note_fault(&self, fault: DatabaseFault) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.note_database_fault(&fault).await?;
        Ok(housekeeping.finish().await?)
    }

    /// How often the database turned out to be another copy since this process started.
    pub(crate) fn feed_forks(&self) -> u64 {
        self.feed.forks()
    }

    /// Reads the feed whenever the database notifies or a poll is due.
    pub(super) async fn follow_feed(self, mut closing: Closing) {
        let mut listener = None;
        let mut listen_at = Instant::now();
        let mut reachable = true;
        loop {
            if listener.is_none() && Instant::now() >= listen_at {
                listener = self.platform.store().listen().await.ok().flatten();
                listen_at = Instant::now() + LISTEN_PAUSE;
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

/// The result of a read, unless it takes too long. The caller drops its connection then, which the store closes when the
/// statement does not end soon.
async fn in_time<T>(
    read: impl Future<Output = Result<T, store::StoreError>>,
) -> Result<T, ServiceError> {
    let done = timeout(READ_TIMEOUT, read).await;
    Ok(done.map_err(|_| ServiceError::Unavailable(None))??)
}

/// Waits for a notification; forever without a listener. Returns `false` when the connection of the listener was lost.
async fn notified(listener: &mut Option<ChangeListener>) -> bool {
    match listener {
        Some(listener) => listener.wait().await.is_ok(),
        None => std::future::pending().await,
    }
}
