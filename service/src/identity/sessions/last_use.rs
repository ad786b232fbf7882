//! Stores the last uses of sessions, in batches.

use std::{sync::Arc, time::Duration};

use domain::platform::{id::SessionId, limits::SIGN_IN_WINDOW_SECONDS, timestamp::Timestamp};
use tokio::sync::Mutex;

use crate::{
    identity::sessions::noted_uses::NotedUses,
    platform::{error::ServiceError, handle::Platform, tasks::Tasks},
};

/// Interval between two stores.
const STORE_INTERVAL: Duration = Duration::from_secs(10);

/// Limit on the uses stored in one transaction, so that other writes wait only briefly.
const BATCH: usize = 1_000;

/// Last uses of sessions. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct SessionUses {
    platform: Platform,
    noted: Arc<NotedUses>,
    storing: Arc<Mutex<()>>,
}

impl SessionUses {
    pub(crate) fn new(platform: Platform) -> Self {
        Self {
            platform,
            noted: Arc::default(),
            storing: Arc::default(),
        }
    }

    /// Notes a use of a session, to be stored later.
    pub(crate) fn note(&self, id: SessionId, now: Timestamp) {
        self.noted.note(id, now);
    }

    /// Stores all uses noted so far, also before uses are read. Uses that cannot be stored are kept for the next time.
    pub(crate) async fn store(&self) -> Result<(), ServiceError> {
        // Waits for uses that another task is storing, because the caller reads them next.
        let _one_at_a_time = self.storing.lock().await;
        let mut waiting = self.noted.take();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            if let Err(error) = self.store_batch(&waiting).await {
                self.noted.keep(&waiting);
                self.noted.keep(&rest);
                return Err(error);
            }
            waiting = rest;
        }
        Ok(())
    }

    async fn store_batch(&self, uses: &[(SessionId, Timestamp)]) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.touch_sessions(uses).await?;
        Ok(housekeeping.finish().await?)
    }

    /// Starts the background task that stores uses.
    pub(crate) fn start(&self, tasks: &Tasks) {
        let uses = self.clone();
        tasks.every("store last uses of sessions", STORE_INTERVAL, move || {
            let uses = uses.clone();
            async move { uses.store().await.and(uses.forget_failures().await) }
        });
    }

    /// Deletes failed sign-ins that no longer count.
    async fn forget_failures(&self) -> Result<(), ServiceError> {
        let until = self.platform.now().plus_seconds(-SIGN_IN_WINDOW_SECONDS);
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.forget_failures(until).await?;
        Ok(housekeeping.finish().await?)
    }
}
