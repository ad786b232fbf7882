//! The right edge of a growing Merkle tree (RFC 9162 section 2.1): the roots of the perfect subtrees that it consists of.
//! It is all that appending needs.

use crate::audit::checkpoints::chain::{Hash, hash_of_nothing, node};

/// The number of leaves of a stored subtree is a power of this number (C2SP tlog-tiles).
pub(crate) const TILE_WIDTH: u64 = 256;

/// The root of a stored subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Completed {
    /// Its height in tiles, from 1.
    pub(crate) level: u32,
    /// Its position among the subtrees of its level.
    pub(crate) position: u64,
    pub(crate) hash: Hash,
}

/// The perfect subtrees of a tree, from the left, each with its number of leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    subtrees: Vec<(u64, Hash)>,
}

impl Frontier {
    /// The number of leaves.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf. Calls `completed` for each stored subtree that it completes.
    pub(crate) fn push(&mut self, leaf: Hash, completed: &mut impl FnMut(Completed)) {
        self.push_subtree(1, leaf, completed);
    }

    /// Appends a perfect subtree of `leaves` leaves, which begins at a multiple of that number.
    pub(crate) fn push_subtree(
        &mut self,
        leaves: u64,
        root: Hash,
        completed: &mut impl FnMut(Completed),
    ) {
        self.size += leaves;
        let (mut leaves, mut hash) = (leaves, root);
        while let Some((_, left)) = self.subtrees.pop_if(|(width, _)| *width == leaves) {
            leaves *= 2;
            hash = node(&left, &hash);
            if let Some(level) = level_of(leaves) {
                completed(Completed {
                    level,
                    position: self.size / leaves - 1,
                    hash,
                });
            }
        }
        self.subtrees.push((leaves, hash));
    }

    /// The root hash of the tree.
    pub(crate) fn root(&self) -> Hash {
        let roots = self.subtrees.iter().rev().map(|(_, root)| *root);
        let root = roots.reduce(|right, left| node(&left, &right));
        root.unwrap_or_else(hash_of_nothing)
    }
}

/// The level whose stored subtrees have this number of leaves, a power of two; `None` for all others.
fn level_of(leaves: u64) -> Option<u32> {
    let height = leaves.trailing_zeros();
    let per_tile = TILE_WIDTH.trailing_zeros();
    (height > 0 && height.is_multiple_of(per_tile)).then_some(height / per_tile)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::audit::checkpoints::chain;

    /// A leaf hash for tests.
    pub(crate) fn leaf(index: u64) -> Hash {
        chain::text_leaf(&index.to_be_bytes())
    }

    #[test]
    fn a_tree_that_grows_has_the_roots_of_rfc_9162() {
        let mut frontier = Frontier::default();
        let mut leaves = Vec::new();
        assert_eq!(frontier.root(), chain::root(&[]));
        for index in 0..600 {
            frontier.push(leaf(index), &mut |_| {});
            leaves.push(leaf(index));
            assert_eq!(frontier.root(), chain::root(&leaves), "{index}");
        }
        assert_eq!(frontier.size(), 600);
    }

    #[test]
    fn subtrees_of_256_leaves_are_reported_once() {
        let mut frontier = Frontier::default();
        let leaves: Vec<Hash> = (0..700).map(leaf).collect();
        let mut found = Vec::new();
        for leaf in &leaves {
            frontier.push(*leaf, &mut |completed| found.push(completed));
        }
        let expected = [0, 1].map(|position| Completed {
            level: 1,
            position: position as u64,
            hash: chain::root(&leaves[position * 256..][..256]),
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_subtree_of_subtrees_is_on_the_next_level() {
        let mut frontier = Frontier::default();
        let mut levels = Vec::new();
        for position in 0..512 {
            frontier.push_subtree(256, leaf(position), &mut |completed| {
                levels.push((completed.level, completed.position));
            });
        }
        assert_eq!(levels, [(2, 0), (2, 1)]);
    }
}
