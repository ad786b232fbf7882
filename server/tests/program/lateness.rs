//! Measures the scheduling and disk latency of this machine.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

/// The length of each measured sleep.
const INTERVAL: Duration = Duration::from_millis(10);

/// A running measurement.
pub(crate) struct Lateness<'scope> {
    measuring: ScopedJoinHandle<'scope, Duration>,
}

impl<'scope> Lateness<'scope> {
    /// Sleeps and syncs a file in this folder repeatedly until `stop`, and measures the delays.
    pub(crate) fn measure(
        scope: &'scope thread::Scope<'scope, '_>,
        folder: &'scope Path,
        stop: &'scope AtomicBool,
    ) -> Self {
        let measuring = scope.spawn(|| {
            let mut file = File::create(folder.join("lateness")).unwrap();
            let mut latest = Duration::ZERO;
            while !stop.load(Ordering::SeqCst) {
                let began = Instant::now();
                thread::sleep(INTERVAL);
                file.write_all(b"late?\n").unwrap();
                file.sync_data().unwrap();
                latest = latest.max(began.elapsed().saturating_sub(INTERVAL));
            }
            latest
        });
        Self { measuring }
    }

    /// The largest delay that was measured.
    pub(crate) fn at_most(self) -> Duration {
        self.measuring.join().unwrap()
    }
}
