//! Work that a cancelled caller must not interrupt.

use crate::platform::error::StoreError;

/// Runs a future to its end even when the caller is cancelled.
///
/// # Errors
/// [`StoreError::NotCommitted`] when the future panicked.
pub(crate) async fn detached<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work)
        .await
        .map_err(|_| StoreError::NotCommitted)
}
