//! Whether the upstream answers.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// The state of forwarding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpstreamState {
    /// The upstream accepted the last batch or rejected it permanently, or nothing was sent yet.
    Reached,
    /// The upstream did not accept the last batch; sending is retried.
    Away,
}

/// The state, shared between tasks.
#[derive(Debug, Clone, Default)]
pub(crate) struct ForwardState(Arc<AtomicBool>);

impl ForwardState {
    pub(crate) fn get(&self) -> UpstreamState {
        if self.0.load(Ordering::Relaxed) {
            UpstreamState::Away
        } else {
            UpstreamState::Reached
        }
    }

    /// Sets the state. Returns whether it changed.
    pub(super) fn set(&self, state: UpstreamState) -> bool {
        let is_away = state == UpstreamState::Away;
        self.0.swap(is_away, Ordering::Relaxed) != is_away
    }
}
