//! Grows the tree: a checkpoint adds its rows, in the same transaction. The cost is that of the new leaves, and of at most
//! 255 stored hashes for each level of the tree.

use std::cmp::Ordering;

use domain::platform::timestamp::Timestamp;
use store::{Checkpoint, Conn, Housekeeping, Store, StoreError, TreeCheckpoint, TreeHash};

use super::{
    frontier::{Completed, Frontier},
    keys::{self, LogKey},
    notes::TreeHead,
    ranges::Leaves,
    reader::{frontier_of, signed},
};
use crate::{
    audit::{
        checkpoints::{
            chain::{self, HASH_LENGTH, Hash},
            handover::Signers,
        },
        handle::Audit,
    },
    platform::{
        encryption::Vault,
        error::{ErrorChain, ServiceError},
    },
};

/// The tree after a checkpoint, ready to be stored.
#[derive(Debug)]
pub(crate) struct Growth {
    pub(crate) tree: TreeCheckpoint,
    pub(crate) hashes: Vec<TreeHash>,
}

/// The first leaf of the tree: the checkpoint before the tree, by its hash, or zeros for none. It joins the tree to the
/// chain of checkpoints that earlier versions made.
pub(crate) fn start_leaf(number: i64, hash: &Hash) -> Hash {
    let text = format!("[\"checkpoint\",{number},\"{}\"]", hex::encode(hash));
    chain::text_leaf(text.as_bytes())
}

/// Creates the first key and the start of the tree, unless the database has a key.
pub(crate) async fn start(store: &Store, vault: &Vault, at: Timestamp) -> Result<(), ServiceError> {
    let mut read = store.read().await?;
    if read.find_newest_log_key().await?.is_some() {
        return Ok(());
    }
    let newest = read.find_newest_checkpoint().await?;
    drop(read);
    let mut housekeeping = store.housekeep().await?;
    housekeeping.hold_keys().await?;
    let stored = keys::new_key(vault, at, None)?;
    let Some(key) = LogKey::open(vault, &stored) else {
        return Err(ServiceError::Internal("a new key cannot be used".into()));
    };
    let (number, last_event) = newest
        .as_ref()
        .map_or((0, 0), |newest| (newest.number, newest.last_event));
    let hash = newest.map_or([0; HASH_LENGTH], |newest| chain::hash_of(&newest));
    let leaf = start_leaf(number, &hash);
    let mut frontier = Frontier::default();
    frontier.push(leaf, &mut |_| {});
    let tree = signed_tree(&frontier, &key, number, last_event, at);
    if !housekeeping.insert_log_key(&stored).await? {
        return Ok(());
    }
    let hash = TreeHash {
        level: 0,
        position: 0,
        hash: leaf,
    };
    match housekeeping.insert_tree_checkpoint(&tree, &[hash]).await {
        // Another node started the tree.
        Ok(false) | Err(StoreError::Conflict(_)) => return Ok(()),
        Ok(true) => {}
        Err(error) => return Err(error.into()),
    }
    housekeeping.finish().await?;
    tracing::info!(key = %key.public, "A key for the audit log was created.");
    Ok(())
}

impl Audit {
    /// Adds the rows of checkpoints that the tree does not have: another version made them, or the tree was damaged.
    pub(crate) async fn catch_up_tree(&self) -> Result<(), ServiceError> {
        loop {
            let mut read = self.platform.store().read().await?;
            let newest = read.find_newest_tree_checkpoint().await?;
            let covered = newest.map_or(i64::MAX, |newest| newest.checkpoint);
            let Some(next) = read.list_checkpoints(covered, 1).await?.pop() else {
                return Ok(());
            };
            let signers = Signers::load(&mut read, &self.vault.ring()).await?;
            let is_genuine = signers.have_signed(&next)
                && chain::leaves_of(&next).is_some_and(|leaves| chain::root(leaves) == *next.root);
            if !is_genuine {
                let checkpoint = next.number;
                tracing::error!(
                    checkpoint,
                    "The log tree cannot grow: the checkpoint was changed."
                );
                return Ok(());
            }
            let growth = self.grow_tree(&mut read, &next).await?;
            drop(read);
            let Some(growth) = growth else { return Ok(()) };
            let mut housekeeping = self.platform.store().housekeep().await?;
            match growth.store(&mut housekeeping).await {
                Ok(true) => housekeeping.finish().await?,
                // Another node was first.
                Ok(false) | Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The tree with the rows of the checkpoint that follows it. `None` when the tree cannot grow, which is logged: the
    /// chain of checkpoints continues without it.
    pub(crate) async fn grow_tree(
        &self,
        conn: &mut Conn,
        checkpoint: &Checkpoint,
    ) -> Result<Option<Growth>, ServiceError> {
        match self.grow(conn, checkpoint).await {
            Err(error @ ServiceError::Internal(_)) => {
                let error = ErrorChain(&error);
                tracing::error!(%error, "The log tree cannot grow. See `countersign audit verify`.");
                Ok(None)
            }
            grown => grown,
        }
    }

    async fn grow(
        &self,
        conn: &mut Conn,
        checkpoint: &Checkpoint,
    ) -> Result<Option<Growth>, ServiceError> {
        let newest = conn.find_newest_tree_checkpoint().await?;
        let key = keys::newest(conn, &self.vault).await?;
        let (Some(newest), Some(key)) = (newest, key) else {
            return Err(damaged("its start or its key is missing"));
        };
        match newest.checkpoint.cmp(&(checkpoint.number - 1)) {
            Ordering::Equal => {}
            // The reason is logged already.
            Ordering::Less => return Ok(None),
            Ordering::Greater => return Err(damaged("checkpoints that it has are missing")),
        }
        let own = keys::own(conn, &self.vault).await?;
        let size = u64::try_from(newest.size).map_err(|_| damaged("its size is negative"))?;
        let mut frontier = frontier_of(
            conn,
            Leaves {
                start: 0,
                end: size,
            },
        )
        .await?;
        let text = head_of(&frontier, &key).text();
        // Nothing is signed that continues a tree that was changed with SQL.
        if !own
            .iter()
            .any(|key| key.has_signed(text.as_bytes(), &newest.signature))
        {
            return Err(damaged("its hashes differ from its signed root"));
        }
        let leaves = chain::leaves_of(checkpoint).ok_or_else(|| damaged("a leaf is cut off"))?;
        let mut hashes = Vec::new();
        for leaf in leaves {
            frontier.push(*leaf, &mut |completed| hashes.push(stored(completed)));
        }
        let (number, last_event) = (checkpoint.number, checkpoint.last_event);
        Ok(Some(Growth {
            tree: signed_tree(&frontier, &key, number, last_event, checkpoint.at),
            hashes,
        }))
    }
}

impl Growth {
    /// Stores the tree; `false` when this transaction must not be committed, because another key signs meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another node stored this tree.
    pub(crate) async fn store(&self, housekeeping: &mut Housekeeping) -> Result<bool, StoreError> {
        housekeeping
            .insert_tree_checkpoint(&self.tree, &self.hashes)
            .await
    }
}

fn head_of(frontier: &Frontier, key: &LogKey) -> TreeHead {
    TreeHead {
        origin: key.public.name.clone(),
        size: frontier.size(),
        root: frontier.root(),
    }
}

fn signed_tree(
    frontier: &Frontier,
    key: &LogKey,
    checkpoint: i64,
    last_event: i64,
    at: Timestamp,
) -> TreeCheckpoint {
    let head = head_of(frontier, key);
    TreeCheckpoint {
        checkpoint,
        at,
        last_event,
        size: signed(head.size),
        root: head.root.to_vec(),
        key: key.number,
        signature: key.sign(head.text().as_bytes()),
    }
}

fn stored(completed: Completed) -> TreeHash {
    TreeHash {
        level: completed.level.into(),
        position: signed(completed.position),
        hash: completed.hash,
    }
}

fn damaged(what: &str) -> ServiceError {
    ServiceError::Internal(format!("the log tree was changed in the database: {what}").into())
}
