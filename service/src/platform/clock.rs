//! The clock: one per database. On PostgreSQL all nodes follow the clock of the database instead of their own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use domain::platform::timestamp::Timestamp;

/// How far the clock advances before the newest time is stored in memory, in microseconds.
const NEWEST_STEP_MICROS: i64 = 100_000;

/// The offset before the database has stated its time.
const UNKNOWN: i64 = i64::MIN;

/// The source of the current time. It runs back by 0.1 s at most. Cheap to clone; clones share the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    /// The system clock, or after [`Clock::follow`] the clock of the database.
    Following {
        started: Instant,
        /// The time of the database's clock when this clock started, in microseconds.
        database_start: AtomicI64,
        /// The newest time that was shown or stored, in microseconds.
        newest: AtomicI64,
    },
    /// A clock for tests that changes only when it is set.
    Standing { micros: AtomicI64 },
}

impl Clock {
    /// A clock that shows the system time until [`Clock::follow`] sets the time of the database.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Kind::Following {
            started: Instant::now(),
            database_start: AtomicI64::new(UNKNOWN),
            newest: AtomicI64::new(0),
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
        let now = self.unlimited_now();
        let Kind::Following { newest, .. } = &*self.0 else {
            return now;
        };
        let before = newest.load(Ordering::Relaxed);
        // Stored at most every 0.1 s, because many threads read it.
        if now.as_micros() > before + NEWEST_STEP_MICROS {
            newest.fetch_max(now.as_micros(), Ordering::Relaxed);
        }
        now.max(Timestamp::from_micros(before))
    }

    /// The current time, also when a newer one was shown before.
    pub(crate) fn unlimited_now(&self) -> Timestamp {
        Timestamp::from_micros(match &*self.0 {
            Kind::Following {
                started,
                database_start,
                ..
            } => match database_start.load(Ordering::Relaxed) {
                UNKNOWN => machine_micros(),
                start => start + micros_since(*started),
            },
            Kind::Standing { micros } => micros.load(Ordering::SeqCst),
        })
    }

    /// Makes the clock show no time before this one, so that expired tokens stay expired.
    pub(crate) fn not_before(&self, newest_time: Timestamp) {
        if let Kind::Following { newest, .. } = &*self.0 {
            newest.fetch_max(newest_time.as_micros(), Ordering::Relaxed);
        }
    }

    /// Follows the database's clock, which has just returned `database_now`. Steps of the system clock have no effect
    /// from then on.
    pub(crate) fn follow(&self, database_now: Timestamp) {
        if let Kind::Following {
            started,
            database_start,
            ..
        } = &*self.0
        {
            let start = database_now.as_micros() - micros_since(*started);
            database_start.store(start, Ordering::Relaxed);
        }
    }
}

fn micros_since(started: Instant) -> i64 {
    i64::try_from(started.elapsed().as_micros()).unwrap_or(i64::MAX)
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

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: Timestamp = Timestamp::from_micros(4_000_000_000_000_000);

    #[test]
    fn the_clock_does_not_go_back_with_that_of_the_database() {
        let clock = Clock::system();
        clock.follow(FAR);
        let far = clock.now();
        assert!(far >= FAR);
        clock.follow(Timestamp::from_micros(1_000_000));
        assert!(clock.now() >= far);
        assert!(clock.unlimited_now() < far);
    }

    #[test]
    fn the_database_decides_the_time_when_the_system_clock_is_ahead() {
        let clock = Clock::system();
        let database_now = Timestamp::from_micros(1_000_000);
        clock.follow(database_now);
        assert!(clock.now() < database_now.plus_seconds(3_600));
    }
}
