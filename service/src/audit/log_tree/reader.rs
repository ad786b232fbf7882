//! Reads hashes of the tree from the database. The cost of one is at most 255 stored hashes.

use store::Conn;

use super::{
    frontier::{Frontier, TILE_WIDTH},
    ranges::{Leaves, Subtree, subtrees},
};
use crate::{
    audit::checkpoints::chain::{HASH_LENGTH, Hash},
    platform::error::ServiceError,
};

/// Checkpoints whose leaves are read at once.
const CHECKPOINTS: i64 = 16;

/// The root hash of a range of leaves, which begins where a subtree of a proof begins.
pub(crate) async fn root_of(conn: &mut Conn, range: Leaves) -> Result<Hash, ServiceError> {
    Ok(frontier_of(conn, range).await?.root())
}

/// The frontier of the leaves of a range alone.
pub(crate) async fn frontier_of(conn: &mut Conn, range: Leaves) -> Result<Frontier, ServiceError> {
    let mut frontier = Frontier::default();
    for subtree in subtrees(range) {
        let root = subtree_root(conn, subtree).await?;
        frontier.push_subtree(subtree.leaves, root, &mut |_| {});
    }
    Ok(frontier)
}

/// The root hash of a perfect subtree.
pub(crate) async fn subtree_root(conn: &mut Conn, subtree: Subtree) -> Result<Hash, ServiceError> {
    let level = subtree.leaves.ilog2() / TILE_WIDTH.ilog2();
    let width = TILE_WIDTH.pow(level);
    let hashes = hashes(conn, level, subtree.start / width, subtree.leaves / width).await?;
    let mut frontier = Frontier::default();
    for hash in hashes {
        frontier.push(hash, &mut |_| {});
    }
    Ok(frontier.root())
}

/// `count` hashes of a level from this position on.
pub(crate) async fn hashes(
    conn: &mut Conn,
    level: u32,
    from: u64,
    count: u64,
) -> Result<Vec<Hash>, ServiceError> {
    let (from, to) = (signed(from), signed(from + count));
    let mut found = Vec::new();
    let stored_to = if level == 0 { to.min(1) } else { to };
    if from < stored_to {
        let stored = conn.list_tree_hashes(level.into(), from, stored_to).await?;
        for (position, hash) in stored {
            if position != from + signed(found.len() as u64) {
                return Err(missing());
            }
            found.push(hash.try_into().map_err(|_| missing())?);
        }
    }
    if level == 0 {
        add_leaves(conn, from.max(1), to, &mut found).await?;
    }
    match found.len() as u64 == count {
        true => Ok(found),
        false => Err(missing()),
    }
}

/// Adds the leaf hashes of checkpoints from one position to another, exclusive.
async fn add_leaves(
    conn: &mut Conn,
    from: i64,
    to: i64,
    found: &mut Vec<Hash>,
) -> Result<(), ServiceError> {
    let mut next = from;
    while next < to {
        let before = next;
        for (size, leaves) in conn.list_tree_leaves(next, CHECKPOINTS).await? {
            if next >= to {
                break;
            }
            let (leaves, rest) = leaves.as_chunks::<HASH_LENGTH>();
            let start = size - signed(leaves.len() as u64);
            if !rest.is_empty() || start > next {
                return Err(missing());
            }
            let skipped = usize::try_from(next - start).unwrap_or(usize::MAX);
            let wanted = usize::try_from(to - next).unwrap_or(0);
            let leaves = leaves.iter().skip(skipped).take(wanted);
            let count = found.len();
            found.extend(leaves);
            next += signed((found.len() - count) as u64);
        }
        if next == before {
            return Err(missing());
        }
    }
    Ok(())
}

/// Sizes of trees are far below the range of both types.
pub(crate) fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// The error for hashes that are missing from the database, or have another length.
fn missing() -> ServiceError {
    ServiceError::Internal("hashes of the log tree are missing from the database".into())
}
