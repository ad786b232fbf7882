//! How late this machine is: how long it keeps whoever wants to run, or to have something on its disk, waiting.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

/// How long a moment is that is waited for.
const MOMENT: Duration = Duration::from_millis(10);

/// Measures lateness until it is asked for.
pub(crate) struct Lateness<'scope> {
    measuring: ScopedJoinHandle<'scope, Duration>,
}

impl<'scope> Lateness<'scope> {
    /// Begins to wait for one moment after the other, and to write to a file in this folder, until `stop`.
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
                thread::sleep(MOMENT);
                file.write_all(b"late?\n").unwrap();
                file.sync_data().unwrap();
                latest = latest.max(began.elapsed().saturating_sub(MOMENT));
            }
            latest
        });
        Self { measuring }
    }

    /// The latest it was.
    pub(crate) fn at_most(self) -> Duration {
        self.measuring.join().unwrap()
    }
}
