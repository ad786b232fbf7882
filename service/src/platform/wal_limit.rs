//! Limits the write-ahead log of a database in this process.

use std::time::Duration;

use crate::platform::{
    error::ServiceError,
    handle::Platform,
    tasks::{Closing, Tasks, report},
};

/// How often to look at its size.
const INTERVAL: Duration = Duration::from_secs(15);

/// The size in bytes from which it is emptied. The database starts it again at about 4 MB.
const MAXIMUM_BYTES: u64 = 16 << 20;

/// The size in bytes that is worth a warning.
const WARNED_BYTES: u64 = 64 << 20;

impl Platform {
    /// Starts limiting the write-ahead log, unless a database server manages it.
    pub(crate) fn start_limiting_wal(&self, tasks: &Tasks) {
        if self.store().wal_bytes().is_some() {
            let platform = self.clone();
            tasks.spawn("limit the write-ahead log", |closing| {
                platform.limit_wal(closing)
            });
        }
    }

    /// Empties the write-ahead log when it has grown, and warns when that is not possible.
    async fn limit_wal(self, mut closing: Closing) {
        let mut is_warned = false;
        let bytes = || self.store().wal_bytes().unwrap_or(0);
        while !closing.wait_or(INTERVAL).await {
            if bytes() > MAXIMUM_BYTES {
                let truncated = self
                    .store()
                    .truncate_wal()
                    .await
                    .map_err(ServiceError::from);
                report("empty the write-ahead log", truncated);
            }
            let is_large = bytes() > WARNED_BYTES;
            if is_large && !is_warned {
                tracing::warn!(
                    bytes = bytes(),
                    "The write-ahead log of the database is large and cannot be emptied. A long read may prevent it."
                );
            }
            is_warned = is_large;
        }
    }
}
