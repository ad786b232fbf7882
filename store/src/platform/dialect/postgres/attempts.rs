//! Limits the attempts to connect while the database is away.

use std::time::{Duration, Instant};

use crate::platform::dialect::limits::CONNECT_TIMEOUT;

/// The shortest pause between two attempts while the database is away. Half of it is added at random, so that nodes do
/// not connect at the same time when the database is back.
const PAUSE: Duration = Duration::from_secs(1);

/// How long callers wait for the database. After that they fail at once, until an attempt succeeds. Less than the
/// time limit of the pool, because the pool's error does not state the cause.
const PATIENCE: Duration = Duration::from_secs(3);

/// The outage that this node sees, if there is one.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    outage: Option<Outage>,
}

#[derive(Debug)]
struct Outage {
    began: Instant,
    /// When the next attempt may be made.
    next: Instant,
    /// Why the last attempt failed.
    cause: String,
}

/// The next step of a caller that needs a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Attempt,
    Wait(Duration),
    /// Fails, because the database has been away for long, for this reason.
    Fail(String),
}

impl Attempts {
    pub(super) fn turn(&self, now: Instant) -> Turn {
        match &self.outage {
            Some(outage) if now < outage.next => {
                if now.duration_since(outage.began) > PATIENCE {
                    Turn::Fail(outage.cause.clone())
                } else {
                    Turn::Wait(outage.next - now)
                }
            }
            Some(_) | None => Turn::Attempt,
        }
    }

    /// Begins an attempt, if this caller may make one. Callers wait or fail while it lasts.
    pub(super) fn begin(&mut self, now: Instant) -> bool {
        if self.turn(now) != Turn::Attempt {
            return false;
        }
        if let Some(outage) = &mut self.outage {
            outage.next = now + CONNECT_TIMEOUT + PAUSE;
        }
        true
    }

    pub(super) const fn is_outage(&self) -> bool {
        self.outage.is_some()
    }

    pub(super) fn succeeded(&mut self) {
        self.outage = None;
    }

    /// Notes that the attempt that began at this time failed, and returns whether it is the first of an outage. `random`
    /// is between 0 and 1.
    pub(super) fn failed(&mut self, began: Instant, random: f64, cause: String) -> bool {
        let is_first = self.outage.is_none();
        let next = began + PAUSE + PAUSE.mul_f64(random / 2.0);
        let began = self.outage.as_ref().map_or(began, |outage| outage.began);
        self.outage = Some(Outage { began, next, cause });
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_wait_for_the_next_attempt_and_fail_at_once_in_a_long_outage() {
        let mut attempts = Attempts::default();
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let refused = || "refused".to_owned();
        assert!(attempts.begin(start));
        assert!(attempts.failed(start, 0.0, refused()));
        assert_eq!(
            attempts.turn(after(400)),
            Turn::Wait(Duration::from_millis(600))
        );
        assert!(!attempts.begin(after(400)));
        // One caller makes the attempt. The others wait for it, and fail when the outage is long.
        assert_eq!(attempts.turn(after(2_000)), Turn::Attempt);
        assert!(attempts.begin(after(2_000)) && !attempts.begin(after(2_000)));
        assert_eq!(attempts.turn(after(3_500)), Turn::Fail(refused()));
        assert!(!attempts.failed(after(6_000), 1.0, refused()));
        assert_eq!(attempts.turn(after(7_400)), Turn::Fail(refused()));
        assert_eq!(attempts.turn(after(7_500)), Turn::Attempt);
        attempts.succeeded();
        assert!(attempts.begin(after(7_500)) && attempts.begin(after(7_500)));
    }
}
