//! Whether the upstream accepts what is forwarded.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// How forwarding goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpstreamState {
    /// Upstream took what was last sent, or was not asked yet.
    Reached,
    /// Upstream took not what was last sent; it is tried again.
    Away,
}

/// The same, told from one task to others.
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

    /// Notes it; whether that is news.
    pub(super) fn set(&self, state: UpstreamState) -> bool {
        let is_away = state == UpstreamState::Away;
        self.0.swap(is_away, Ordering::Relaxed) != is_away
    }
}
