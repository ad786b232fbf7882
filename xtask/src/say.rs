//! Everything xtask prints itself, in one place: what it does now, how long it took, what went wrong.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "telling a person at a terminal what happens is what these commands are for"
)]

use std::time::{Duration, Instant};

use anyhow::Result;

/// Says what comes next, does it, and says how long it took and whether it went well.
///
/// # Errors
/// What `work` answered.
pub(crate) fn stage<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {name} ==");
    let start = Instant::now();
    let outcome = work();
    let took = words(start.elapsed());
    match &outcome {
        Ok(_) => println!("== {name}: done in {took} =="),
        Err(error) => println!("== {name}: FAILED after {took}: {error:#} =="),
    }
    outcome
}

/// One line of progress or result.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Why the command failed, once, at its end.
pub(crate) fn failure(error: &anyhow::Error) {
    eprintln!("cargo xtask: {error:#}");
}

/// A length of time as people say it: `12 min 3 s`, `7 s`, `0.4 s`.
pub(crate) fn words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, 0..10) => format!("{:.1} s", duration.as_secs_f64()),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_reads_like_speech() {
        assert_eq!(words(Duration::from_millis(432)), "0.4 s");
        assert_eq!(words(Duration::from_secs(59)), "59 s");
        assert_eq!(words(Duration::from_secs(723)), "12 min 3 s");
    }
}
