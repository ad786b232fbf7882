//! Whether the database can be written to, for health checks.

use std::time::{Duration, Instant};

use tokio::{sync::Mutex, time::timeout};

use crate::platform::{error::ServiceError, handle::Platform, tasks::detached};

/// How long a write may take. A health check fails within two seconds.
const WRITE_TIMEOUT: Duration = Duration::from_millis(1_500);

/// For how long a result is used again, so that health checks do not load the database.
const RESULT_AGE: Duration = Duration::from_millis(500);

/// The result of a check that the database can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// It can.
    Yes,
    /// It can, but it has faults that no operator has confirmed.
    WithFaults,
    /// It cannot.
    No,
}

/// The result of the last check.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, Ready)>>);

impl Readiness {
    /// Writes and commits a row, and looks for faults.
    pub(crate) async fn check(&self, platform: &Platform) -> Ready {
        let mut last = self.0.lock().await;
        if let Some((_, ready)) = last.filter(|(at, _)| at.elapsed() < RESULT_AGE) {
            return ready;
        }
        let written = timeout(WRITE_TIMEOUT, detached(write(platform.clone()))).await;
        let ready = match written {
            Ok(Ok(Ok(true))) => Ready::WithFaults,
            Ok(Ok(Ok(false))) => Ready::Yes,
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Ready::No,
        };
        *last = Some((Instant::now(), ready));
        ready
    }
}

/// Writes and commits a row. Returns whether there are faults.
async fn write(platform: Platform) -> Result<bool, ServiceError> {
    let mut housekeeping = platform.store().housekeep().await?;
    housekeeping.prove_writable().await?;
    let has_faults = !housekeeping.list_database_faults().await?.is_empty();
    housekeeping.finish().await?;
    Ok(has_faults)
}
