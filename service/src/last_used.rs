//! When tokens were last used: noted in the cache, stored now and then, so that reading with a token writes nothing.

use std::time::Duration;

use domain::timestamp::Timestamp;
use tokio::sync::watch;

use crate::{error::ServiceError, feed::Chain, open::Service};

/// How often last uses are stored.
const STORE_INTERVAL: Duration = Duration::from_secs(10);

/// Uses stored in one transaction: writes wait no longer than this takes.
const BATCH: usize = 200;

impl Service {
    /// Stores every use noted so far; also done before uses are shown, so that what is shown is true.
    pub(crate) async fn store_last_uses(&self) -> Result<(), ServiceError> {
        let uses = self.cache().take_uses();
        for batch in uses.chunks(BATCH) {
            let mut housekeeping = self.store().housekeep().await?;
            housekeeping.touch_tokens(batch).await?;
            housekeeping.finish().await?;
        }
        Ok(())
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
            .plus_seconds(-domain::limits::SIGN_IN_WINDOW_SECONDS);
        let mut housekeeping = self.store().housekeep().await?;
        housekeeping.forget_failures(until).await?;
        Ok(housekeeping.finish().await?)
    }
}
