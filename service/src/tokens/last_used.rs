//! When secrets of tokens were last used, and sessions last seen: noted in memory, stored now and then, so that reading writes nothing.

use std::time::Duration;

use domain::platform::{id::SessionId, timestamp::Timestamp};
use store::LastUsed;
use tokio::sync::watch;

use crate::{audit::feed::Chain, open::Service, platform::error::ServiceError};

/// How often last uses are stored.
const STORE_INTERVAL: Duration = Duration::from_secs(10);

/// Uses stored in one transaction: writes wait no longer than this takes.
const BATCH: usize = 1_000;

impl Service {
    /// Stores every use noted so far; also done before uses are shown, so that what is shown is true. What cannot be
    /// stored is kept for the next time.
    pub(crate) async fn store_last_uses(&self) -> Result<(), ServiceError> {
        // What somebody else is storing is not to be missed: whoever shows uses waits for it.
        let _turn = self.storing_uses().lock().await;
        self.store_last_seen().await?;
        let mut waiting = self.cache().take_uses();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            if let Err(error) = self.store_uses(&waiting).await {
                self.cache().keep_uses(waiting);
                self.cache().keep_uses(rest);
                return Err(error);
            }
            waiting = rest;
        }
        Ok(())
    }

    async fn store_last_seen(&self) -> Result<(), ServiceError> {
        let mut waiting = self.last_seen().take();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            if let Err(error) = self.store_seen(&waiting).await {
                self.last_seen().keep(&waiting);
                self.last_seen().keep(&rest);
                return Err(error);
            }
            waiting = rest;
        }
        Ok(())
    }

    async fn store_seen(&self, seen: &[(SessionId, Timestamp)]) -> Result<(), ServiceError> {
        let mut housekeeping = self.store().housekeep().await?;
        housekeeping.see_sessions(seen).await?;
        Ok(housekeeping.finish().await?)
    }

    async fn store_uses(&self, uses: &[LastUsed]) -> Result<(), ServiceError> {
        let mut housekeeping = self.store().housekeep().await?;
        housekeeping.touch_secrets(uses).await?;
        Ok(housekeeping.finish().await?)
    }

    pub(crate) async fn store_last_uses_in_turn(self, mut closing: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => return,
                () = tokio::time::sleep(STORE_INTERVAL) => {}
            }
            if let Err(error) = self
                .store_last_uses()
                .await
                .and(self.forget_failures().await)
            {
                tracing::warn!(error = %Chain(&error), "Last uses could not be stored.");
            }
        }
    }

    async fn forget_failures(&self) -> Result<(), ServiceError> {
        let until: Timestamp = self
            .now()
            .plus_seconds(-domain::platform::limits::SIGN_IN_WINDOW_SECONDS);
        let mut housekeeping = self.store().housekeep().await?;
        housekeeping.forget_failures(until).await?;
        Ok(housekeeping.finish().await?)
    }
}
