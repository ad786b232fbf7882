//! Notifications of new audit events between the nodes of one PostgreSQL database.

use sqlx::{PgPool, postgres::PgListener};

use crate::platform::error::StoreError;

/// The channel on which nodes are notified.
pub(super) const CHANNEL: &str = "countersign_record";

/// A subscription to notifications of new audit events of any node.
#[derive(Debug)]
pub struct ChangeListener(PgListener);

impl ChangeListener {
    pub(super) async fn open(pool: &PgPool) -> Result<Self, StoreError> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self(listener))
    }

    /// Waits for the next notification.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the connection was lost. A new listener is needed then.
    pub async fn wait(&mut self) -> Result<(), StoreError> {
        self.0.recv().await?;
        Ok(())
    }
}
