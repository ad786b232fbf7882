//! The pages that clients have requested and not read yet. A rendered page is in memory until then.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

/// Pages of one network at most. A browser requests a few at once; the largest page has half a megabyte.
const PAGES_PER_NETWORK: u32 = 64;

/// Pages of all networks at most.
const PAGES_IN_TOTAL: u32 = 256;

/// The count of one network.
#[derive(Debug, Clone, Default)]
pub(super) struct PagesOfNetwork(Arc<AtomicU32>);

/// The count of all networks.
#[derive(Debug, Clone, Default)]
pub(super) struct PagesInTotal(Arc<AtomicU32>);

/// The counts that apply to a connection.
#[derive(Debug, Clone)]
pub(super) struct OpenPages {
    in_total: PagesInTotal,
    of_network: Option<PagesOfNetwork>,
}

impl OpenPages {
    /// Without a network, only the limit in total applies.
    pub(super) fn new(in_total: PagesInTotal, of_network: Option<PagesOfNetwork>) -> Self {
        Self {
            in_total,
            of_network,
        }
    }

    /// Counts a page until the result is dropped; `None` at a limit.
    pub(super) fn open(&self) -> Option<OpenPage> {
        let of_network = match &self.of_network {
            Some(PagesOfNetwork(count)) => Some(Counted::add(count, PAGES_PER_NETWORK)?),
            None => None,
        };
        Some(OpenPage {
            _in_total: Counted::add(&self.in_total.0, PAGES_IN_TOTAL)?,
            _of_network: of_network,
        })
    }
}

/// A page that is rendered or read.
#[derive(Debug)]
pub(super) struct OpenPage {
    _in_total: Counted,
    _of_network: Option<Counted>,
}

#[derive(Debug)]
struct Counted(Arc<AtomicU32>);

impl Counted {
    fn add(count: &Arc<AtomicU32>, limit: u32) -> Option<Self> {
        let counted = Self(Arc::clone(count));
        (count.fetch_add(1, Relaxed) < limit).then_some(counted)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_counts_until_it_is_dropped() {
        let in_total = PagesInTotal::default();
        let network = || OpenPages::new(in_total.clone(), Some(PagesOfNetwork::default()));
        let open_all =
            |pages: &OpenPages| -> Vec<OpenPage> { std::iter::from_fn(|| pages.open()).collect() };
        let first = network();
        let mut open = open_all(&first);
        assert_eq!(open.len(), PAGES_PER_NETWORK as usize);
        open.pop();
        assert!(first.open().is_some());

        open.extend((0..10).flat_map(|_| open_all(&network())));
        assert_eq!(open.len(), PAGES_IN_TOTAL as usize);
        assert!(OpenPages::new(in_total.clone(), None).open().is_none());
        drop(open);
        assert_eq!(in_total.0.load(Relaxed), 0);
    }
}
