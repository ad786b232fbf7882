//! Which subtrees a proof consists of (RFC 9162 sections 2.1.3 and 2.1.4), and into which perfect subtrees a range of
//! leaves divides.

/// Leaves from `start` to `end`, exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaves {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// A perfect subtree: its leaves begin at a multiple of their number, a power of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subtree {
    pub(crate) start: u64,
    pub(crate) leaves: u64,
}

/// The subtrees whose roots prove that a leaf is in a tree of this size, in the order of the proof.
pub(crate) fn inclusion(leaf: u64, size: u64) -> Vec<Leaves> {
    let (mut start, mut end, mut proof) = (0, size, Vec::new());
    while end - start > 1 {
        let split = start + split(end - start);
        if leaf < split {
            proof.push(Leaves { start: split, end });
            end = split;
        } else {
            proof.push(Leaves { start, end: split });
            start = split;
        }
    }
    proof.reverse();
    proof
}

/// The subtrees whose roots prove that the tree of size `to` begins with the tree of size `from`, in the order of the
/// proof. None when either has no leaves, or both are the same.
pub(crate) fn consistency(from: u64, to: u64) -> Vec<Leaves> {
    if from == 0 || from >= to {
        return Vec::new();
    }
    let (mut start, mut end, mut proof) = (0, to, Vec::new());
    // Until the rest is the rest of the old tree.
    while end != from {
        let split = start + split(end - start);
        if from <= split {
            proof.push(Leaves { start: split, end });
            end = split;
        } else {
            proof.push(Leaves { start, end: split });
            start = split;
        }
    }
    // The client knows the root of the whole old tree.
    if start > 0 {
        proof.push(Leaves { start, end });
    }
    proof.reverse();
    proof
}

/// The perfect subtrees of a range, from the left.
pub(crate) fn subtrees(range: Leaves) -> Vec<Subtree> {
    let (mut start, mut found) = (range.start, Vec::new());
    while start < range.end {
        let most = 1 << (range.end - start).ilog2();
        let aligned = match start {
            0 => most,
            _ => 1 << start.trailing_zeros(),
        };
        let leaves = aligned.min(most);
        found.push(Subtree { start, leaves });
        start += leaves;
    }
    found
}

/// The largest power of two below a number of leaves of at least two.
fn split(leaves: u64) -> u64 {
    leaves.next_power_of_two() / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{
        checkpoints::chain::{self, Hash, node},
        log_tree::frontier::{Frontier, tests::leaf},
    };

    /// Sizes of trees that are tested with every leaf and every smaller size.
    const SIZES: u64 = 70;

    /// The leaves of a tree.
    fn tree(size: u64) -> Vec<Hash> {
        (0..size).map(leaf).collect()
    }

    /// The roots of ranges, from perfect subtrees as the database has them.
    fn roots(tree: &[Hash], proof: Vec<Leaves>) -> Vec<Hash> {
        let root = |range| {
            let mut frontier = Frontier::default();
            for Subtree { start, leaves } in subtrees(range) {
                let [start, end] = [start, start + leaves].map(|at| usize::try_from(at).unwrap());
                let root = chain::root(&tree[start..end]);
                frontier.push_subtree(leaves, root, &mut |_| {});
            }
            frontier.root()
        };
        proof.into_iter().map(root).collect()
    }

    /// The root that a proof leads to, as RFC 9162 section 2.1.3.2 defines it.
    fn root_by_inclusion(index: u64, size: u64, hash: Hash, proof: &[Hash]) -> Option<Hash> {
        let (mut index, mut last, mut root) = (index, size - 1, hash);
        for hash in proof {
            if last == 0 {
                return None;
            }
            if index % 2 == 1 || index == last {
                root = node(hash, &root);
                while index.is_multiple_of(2) && index != 0 {
                    index /= 2;
                    last /= 2;
                }
            } else {
                root = node(&root, hash);
            }
            index /= 2;
            last /= 2;
        }
        (last == 0).then_some(root)
    }

    /// Whether a proof joins two roots, as RFC 9162 section 2.1.4.2 defines it.
    fn is_consistent(sizes: [u64; 2], roots: [Hash; 2], proof: &[Hash]) -> bool {
        let mut proof = proof.to_vec();
        if sizes[0].is_power_of_two() {
            proof.insert(0, roots[0]);
        }
        let (mut index, mut last) = (sizes[0] - 1, sizes[1] - 1);
        while index % 2 == 1 {
            index /= 2;
            last /= 2;
        }
        let Some((first, rest)) = proof.split_first() else {
            return false;
        };
        let [mut old, mut new] = [*first; 2];
        for hash in rest {
            if last == 0 {
                return false;
            }
            if index % 2 == 1 || index == last {
                old = node(hash, &old);
                new = node(hash, &new);
                while index.is_multiple_of(2) && index != 0 {
                    index /= 2;
                    last /= 2;
                }
            } else {
                new = node(&new, hash);
            }
            index /= 2;
            last /= 2;
        }
        last == 0 && [old, new] == roots
    }

    #[test]
    fn the_proof_of_each_leaf_leads_to_the_root() {
        for size in 1..=SIZES {
            let tree = tree(size);
            for index in 0..size {
                let proof = roots(&tree, inclusion(index, size));
                let found = root_by_inclusion(index, size, leaf(index), &proof);
                assert_eq!(found, Some(chain::root(&tree)), "{index} of {size}");
            }
        }
    }

    #[test]
    fn each_tree_is_proven_to_begin_with_each_smaller_one() {
        let whole = tree(SIZES);
        let root = |size| chain::root(&whole[..usize::try_from(size).unwrap()]);
        for to in 2..=SIZES {
            for from in 1..to {
                let proof = roots(&whole, consistency(from, to));
                let roots = [root(from), root(to)];
                assert!(is_consistent([from, to], roots, &proof), "{from} {to}");
                let other = [root(from), leaf(0)];
                assert!(!is_consistent([from, to], other, &proof), "{from} {to}");
            }
        }
    }

    #[test]
    fn no_proof_joins_equal_or_empty_trees() {
        assert_eq!(consistency(0, 5), []);
        assert_eq!(consistency(5, 5), []);
    }

    #[test]
    fn a_range_divides_into_aligned_subtrees() {
        let parts = |start, end| {
            let found = subtrees(Leaves { start, end });
            found
                .iter()
                .map(|part| (part.start, part.leaves))
                .collect::<Vec<_>>()
        };
        assert_eq!(parts(0, 7), [(0, 4), (4, 2), (6, 1)]);
        assert_eq!(parts(3, 9), [(3, 1), (4, 4), (8, 1)]);
        assert_eq!(parts(3, 3), []);
    }
}
