//! The clock: one per database. On PostgreSQL all nodes follow the clock of the database instead of their own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use domain::platform::timestamp::Timestamp;

/// The source of the current time. Cheap to clone; clones share the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    /// The system clock, and the offset of the database clock in microseconds.
    Following { ahead: AtomicI64 },
    /// A clock for tests that changes only when it is set.
    Standing { micros: AtomicI64 },
}

impl Clock {
    /// A clock that shows the system time until [`Clock::follow`] sets the offset of the database.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Kind::Following {
            ahead: AtomicI64::new(0),
        }))
    }

    /// A clock that shows `now` until it is set.
    #[must_use]
    pub fn standing_at(now: Timestamp) -> Self {
        Self(Arc::new(Kind::Standing {
            micros: AtomicI64::new(now.as_micros()),
        }))
    }

    /// Sets a standing clock; has no effect on a following one.
    pub fn set(&self, now: Timestamp) {
        if let Kind::Standing { micros } = &*self.0 {
            micros.store(now.as_micros(), Ordering::SeqCst);
        }
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Kind::Following { ahead } => {
                Timestamp::from_micros(machine_micros() + ahead.load(Ordering::Relaxed))
            }
            Kind::Standing { micros } => Timestamp::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Adjusts the offset to the database clock, which has just returned `database_now`.
    pub(crate) fn follow(&self, database_now: Timestamp) {
        if let Kind::Following { ahead } = &*self.0 {
            ahead.store(
                database_now.as_micros() - machine_micros(),
                Ordering::Relaxed,
            );
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
fn machine_micros() -> i64 {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX)
}
