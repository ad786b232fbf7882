//! Stores the last uses of token secrets, in batches.

use std::{sync::Arc, time::Duration};

use store::LastUsed;
use tokio::sync::Mutex;

use crate::{
    platform::{error::ServiceError, handle::Platform, tasks::Tasks},
    tokens::cache::Cache,
};

/// Interval between two stores.
const STORE_INTERVAL: Duration = Duration::from_secs(10);

/// Limit on the uses stored in one transaction, so that other writes wait only briefly.
const BATCH: usize = 1_000;

/// Last uses of token secrets. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct LastUses {
    platform: Platform,
    cache: Arc<Cache>,
    storing: Arc<Mutex<()>>,
}

impl LastUses {
    pub(crate) fn new(platform: Platform, cache: Arc<Cache>) -> Self {
        Self {
            platform,
            cache,
            storing: Arc::default(),
        }
    }

    /// Stores all uses noted so far, also before uses are read. Uses that cannot be stored are kept for the next time.
    pub(crate) async fn store(&self) -> Result<(), ServiceError> {
        // Waits for uses that another task is storing, because the caller reads them next.
        let _one_at_a_time = self.storing.lock().await;
        let mut waiting = self.cache.take_uses();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            if let Err(error) = self.store_batch(&waiting).await {
                self.cache.keep_uses(waiting);
                self.cache.keep_uses(rest);
                return Err(error);
            }
            waiting = rest;
        }
        Ok(())
    }

    async fn store_batch(&self, uses: &[LastUsed]) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.touch_secrets(uses).await?;
        Ok(housekeeping.finish().await?)
    }

    /// Starts the background task that stores uses.
    pub(crate) fn start(&self, tasks: &Tasks) {
        let uses = self.clone();
        tasks.every("store last uses of tokens", STORE_INTERVAL, move || {
            let uses = uses.clone();
            async move { uses.store().await }
        });
    }
}
