//! Whether the server stops.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

/// A flag that is set when the server begins to stop. Clones are the same flag.
#[derive(Debug, Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// Sets the flag.
    pub fn begin(&self) {
        self.0.store(true, Relaxed);
    }

    /// Whether the flag is set.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.load(Relaxed)
    }
}
