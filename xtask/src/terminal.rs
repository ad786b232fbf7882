//! Everything that xtask prints: stages with their duration, results, and errors.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these commands report to a terminal"
)]

use std::time::{Duration, Instant};

use anyhow::Result;

/// Prints a name, runs the work, and prints how long it took and whether it failed.
///
/// # Errors
/// The error of `work`.
pub(crate) fn stage<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {name} ==");
    let start = Instant::now();
    let outcome = work();
    let took = duration(start.elapsed());
    match &outcome {
        Ok(_) => println!("== {name}: done in {took} =="),
        Err(error) => println!("== {name}: FAILED after {took}: {error:#} =="),
    }
    outcome
}

/// Prints one line of progress or result.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Prints why the command failed.
pub(crate) fn failure(error: &anyhow::Error) {
    eprintln!("cargo xtask: {error:#}");
}

/// Formats a duration: `12 min 3 s`, `7 s`, `0.4 s`.
pub(crate) fn duration(duration: Duration) -> String {
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
    fn a_duration_is_formatted_by_its_size() {
        assert_eq!(duration(Duration::from_millis(432)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(59)), "59 s");
        assert_eq!(duration(Duration::from_secs(723)), "12 min 3 s");
    }
}
