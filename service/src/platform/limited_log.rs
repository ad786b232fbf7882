//! Limits lines of the log that many requests or tasks would write at once.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::platform::{
    error::{ErrorChain, ServiceError},
    lock::lock,
};

/// The pause between two lines.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes one line to the log per second, with the count of the lines before it that were not written.
#[derive(Debug)]
pub struct LimitedLog(Mutex<State>);

#[derive(Debug)]
struct State {
    written_at: Option<Instant>,
    unwritten: u64,
}

impl LimitedLog {
    /// A log that has not written a line.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(State {
            written_at: None,
            unwritten: 0,
        }))
    }

    /// Writes a line, unless one was written less than a second ago.
    pub fn write(&self, line: impl FnOnce(u64)) {
        let mut state = lock(&self.0);
        if state.written_at.is_some_and(|at| at.elapsed() < PAUSE) {
            state.unwritten += 1;
            return;
        }
        state.written_at = Some(Instant::now());
        let unwritten = std::mem::take(&mut state.unwritten);
        drop(state);
        line(unwritten);
    }
}

impl Default for LimitedLog {
    fn default() -> Self {
        Self::new()
    }
}

/// Outages of the database, which every request and every task notices.
static OUTAGES: LimitedLog = LimitedLog::new();

/// Warns that something failed because the database is unavailable; once a second for the whole process.
pub fn warn_of_outage(what: &str, error: &ServiceError) {
    OUTAGES.write(|unwritten| {
        tracing::warn!(what, error = %ErrorChain(error), unwritten, "The database is unavailable.");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_second_is_written_with_the_count_of_the_others() {
        let log = LimitedLog::new();
        let mut lines = Vec::new();
        for _ in 0..3 {
            log.write(|unwritten| lines.push(unwritten));
        }
        assert_eq!(lines, [0]);
        lock(&log.0).written_at = None;
        log.write(|unwritten| lines.push(unwritten));
        assert_eq!(lines, [0, 2]);
    }
}
