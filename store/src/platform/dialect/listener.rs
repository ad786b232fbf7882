//! Notifications of new audit events between the nodes of one PostgreSQL database.

use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::time::timeout;

use super::{
    limits::{CONNECT_TIMEOUT, RESET_TIMEOUT},
    postgres::manager::PostgresManager,
};
use crate::platform::error::StoreError;

/// The channel on which nodes are notified.
pub(super) const CHANNEL: &str = "countersign_record";

/// A connection that was silent for longer is tested.
const SILENCE: Duration = Duration::from_secs(30);

/// A subscription to notifications of new audit events of any node.
#[derive(Debug)]
pub struct ChangeListener {
    listener: PgListener,
    heard_at: Instant,
}

impl ChangeListener {
    pub(super) async fn open(manager: &PostgresManager) -> Result<Self, StoreError> {
        let host = manager.reachable_host()?;
        let listener = timeout(CONNECT_TIMEOUT, listen(host)).await;
        Ok(Self {
            listener: listener.map_err(|_| StoreError::from(sqlx::Error::PoolTimedOut))??,
            heard_at: Instant::now(),
        })
    }

    /// Waits for the next notification.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the connection was lost. A new listener is needed then.
    pub async fn wait(&mut self) -> Result<(), StoreError> {
        loop {
            // The caller may drop this future before a test ends.
            if self.heard_at.elapsed() > SILENCE + RESET_TIMEOUT {
                return Err(sqlx::Error::PoolTimedOut.into());
            }
            let silence = SILENCE.saturating_sub(self.heard_at.elapsed());
            match timeout(silence, self.listener.try_recv()).await {
                Ok(Ok(Some(_))) => {
                    self.heard_at = Instant::now();
                    return Ok(());
                }
                Ok(Ok(None)) => return Err(sqlx::Error::PoolClosed.into()),
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => self.test().await?,
            }
        }
    }

    async fn test(&mut self) -> Result<(), StoreError> {
        let tested = sqlx::raw_sql("SELECT 1").execute(&mut self.listener);
        let tested = timeout(RESET_TIMEOUT, tested).await;
        tested.map_err(|_| StoreError::from(sqlx::Error::PoolTimedOut))??;
        self.heard_at = Instant::now();
        Ok(())
    }
}

async fn listen(host: PgConnectOptions) -> sqlx::Result<PgListener> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(CONNECT_TIMEOUT)
        .connect_lazy_with(host);
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
