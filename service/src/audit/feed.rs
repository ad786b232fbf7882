//! The change feed: every node reads the record as it grows and forgets the cached identities it touches.
//!
//! PostgreSQL says when the record has grown; a poll every [`POLL_INTERVAL`] finds what was not heard, and is how
//! processes on one SQLite file learn of each other. A node that has not heard from its database for
//! [`limits::LEASE_SECONDS`] refuses every credential: it could have missed a revocation.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{
    audit::event::{AuditEvent, Outcome},
    platform::limits,
};
use store::ChangeListener;
use tokio::sync::watch;

use crate::{open::Service, platform::error::ServiceError};

/// How often the feed is read without being told to.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Entries read at once.
const BATCH: i64 = 1_000;

/// How far this node has read the record, and when it last could.
#[derive(Debug)]
pub(crate) struct Feed {
    read_to: AtomicI64,
    last_contact: Mutex<Instant>,
    reading: tokio::sync::Mutex<()>,
}

impl Feed {
    pub(crate) fn starting_after(number: i64) -> Self {
        Self {
            read_to: AtomicI64::new(number),
            last_contact: Mutex::new(Instant::now()),
            reading: tokio::sync::Mutex::default(),
        }
    }

    fn in_contact(&self) {
        *self
            .last_contact
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn silence(&self) -> Duration {
        self.last_contact
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }
}

impl Service {
    /// Refuses when the database has been silent for too long to trust what is cached.
    pub(crate) fn check_lease(&self) -> Result<(), ServiceError> {
        let lease = Duration::from_secs(limits::LEASE_SECONDS.unsigned_abs());
        if self.feed().silence() > lease {
            Err(ServiceError::Unavailable(None))
        } else {
            Ok(())
        }
    }

    /// Forgets what these events touch, at once, on the node that committed them.
    pub(crate) fn apply(&self, events: &[AuditEvent]) {
        // What was refused changed nothing.
        for event in events.iter().filter(|event| event.outcome == Outcome::Done) {
            self.cache()
                .forget(event.action, event.object.kind, event.object.id);
        }
    }

    /// Reads the feed to its end and sets the clock by the database's.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database cannot be asked.
    pub async fn catch_up(&self) -> Result<(), ServiceError> {
        let _one_at_a_time = self.feed().reading.lock().await;
        let mut read = self.store().read().await?;
        loop {
            let entries = read
                .feed_after(self.feed().read_to.load(Ordering::SeqCst), BATCH)
                .await?;
            for entry in &entries {
                if entry.outcome == Outcome::Done {
                    self.cache()
                        .forget(entry.action, entry.object_type, entry.object_id);
                }
                self.feed().read_to.store(entry.number, Ordering::SeqCst);
            }
            if entries.is_empty() {
                break;
            }
        }
        if let Some(database_now) = read.clock().await? {
            self.clock().follow(database_now);
        }
        self.feed().in_contact();
        Ok(())
    }

    pub(crate) async fn follow_feed(self, mut closing: watch::Receiver<bool>) {
        let mut listener = None;
        let mut reachable = true;
        loop {
            if listener.is_none() {
                listener = self.store().listen().await.ok().flatten();
            }
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => return,
                heard = heard(&mut listener) => if !heard { listener = None },
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
            let caught_up = self.catch_up().await;
            match (&caught_up, reachable) {
                (Err(error), true) => {
                    tracing::warn!(error = %Chain(error), "The database cannot be read; credentials will be refused soon.");
                }
                (Ok(()), false) => tracing::info!("The database can be read again."),
                (Err(_), false) | (Ok(()), true) => {}
            }
            reachable = caught_up.is_ok();
        }
    }
}

/// Waits for the listener to hear something; for ever without one. `false` when its connection was lost.
async fn heard(listener: &mut Option<ChangeListener>) -> bool {
    match listener {
        Some(listener) => listener.heard().await.is_ok(),
        None => std::future::pending().await,
    }
}

/// An error with its sources, in one line for the log.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(formatter, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
