//! The result of the check of rows, for `/metrics`.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::platform::timestamp::Timestamp;

/// The result of the newest check of this process.
#[derive(Debug, Default)]
pub(crate) struct StateMeter {
    deviations: AtomicU64,
    /// In microseconds since 1970; 0 before the first check.
    checked_at: AtomicI64,
}

impl StateMeter {
    /// The number of deviations and when they were counted; `None` before the first check.
    pub(crate) fn newest(&self) -> Option<(u64, Timestamp)> {
        let at = self.checked_at.load(Ordering::Relaxed);
        (at > 0).then(|| {
            let deviations = self.deviations.load(Ordering::Relaxed);
            (deviations, Timestamp::from_micros(at))
        })
    }

    /// Stores the result of a check.
    pub(crate) fn set(&self, deviations: u64, at: Timestamp) {
        self.deviations.store(deviations, Ordering::Relaxed);
        self.checked_at.store(at.as_micros(), Ordering::Relaxed);
    }
}
