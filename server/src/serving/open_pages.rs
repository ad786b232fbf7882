//! The pages that clients of one network have requested and not read yet. A rendered page is in memory until then.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

/// Pages of one network at most. A browser requests a few at once; the largest page has half a megabyte.
const PAGES_PER_NETWORK: u32 = 64;

/// The count of one network.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenPages(Arc<AtomicU32>);

impl OpenPages {
    /// Counts a page until the result is dropped; `None` at the limit.
    pub(super) fn open(&self) -> Option<OpenPage> {
        if self.0.fetch_add(1, Relaxed) >= PAGES_PER_NETWORK {
            self.0.fetch_sub(1, Relaxed);
            return None;
        }
        Some(OpenPage(Arc::clone(&self.0)))
    }
}

/// A page that is rendered or read.
#[derive(Debug)]
pub(super) struct OpenPage(Arc<AtomicU32>);

impl Drop for OpenPage {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_counts_until_it_is_dropped() {
        let pages = OpenPages::default();
        let mut open: Vec<_> = (0..PAGES_PER_NETWORK)
            .map(|_| pages.open().unwrap())
            .collect();
        assert!(pages.open().is_none());
        open.pop();
        assert!(pages.open().is_some());
        open.clear();
        assert_eq!(pages.0.load(Relaxed), 0);
    }
}
