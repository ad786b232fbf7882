//! What witnesses and auditors read: the newest checkpoint, keys, tiles (C2SP tlog-tiles) and proofs.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{identity::actor::Caller, platform::timestamp::Timestamp};
use store::{Conn, Read, TreeCheckpoint};

use super::{
    frontier::TILE_WIDTH,
    keys::{KEYS, handovers},
    notes::{KEY_LENGTH, PublicKey, TreeHead},
    ranges::{self, Leaves},
    reader::{hashes, root_of, signed},
};
use crate::{
    audit::{checkpoints::chain, handle::Audit, query::check_auditor},
    platform::error::ServiceError,
};

/// The highest level of a tile (C2SP tlog-tiles).
const LEVELS: u32 = 63;

/// The newest state of the log tree.
#[derive(Debug, Clone)]
pub struct LogState {
    /// The name of the log.
    pub origin: String,
    /// The public key that signs, as a `vkey`.
    pub public_key: String,
    /// The signed note.
    pub note: String,
    /// When it was created.
    pub at: Timestamp,
    /// Number of leaves.
    pub size: i64,
    /// The newest event in the tree.
    pub last_event: i64,
}

/// The proof that an event is in the log.
#[derive(Debug, Clone)]
pub struct EventProof {
    /// The position of its leaf.
    pub leaf: i64,
    /// The hashed text of its row; `None` when retention removed it.
    pub text: Option<String>,
    /// The hash of its leaf, in base64.
    pub hash: String,
    /// The hashes that lead to the root, in base64, the deepest first.
    pub hashes: Vec<String>,
    /// The signed note of the tree.
    pub checkpoint: String,
}

impl Audit {
    /// The newest state of the log tree.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the first start of a server.
    pub async fn log_state(&self) -> Result<LogState, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let newest = newest(&mut read).await?;
        let key = key_of(&mut read, i64::MAX).await?;
        Ok(LogState {
            note: note_of(&mut read, &newest).await?,
            origin: key.name.clone(),
            public_key: key.to_string(),
            at: newest.at,
            size: newest.size,
            last_event: newest.last_event,
        })
    }

    /// The newest state of the log tree, for the page for auditors.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator; as [`Self::log_state`].
    pub async fn describe_log(&self, caller: &Caller) -> Result<LogState, ServiceError> {
        check_auditor(caller)?;
        self.log_state().await
    }

    /// The notes with which keys of the log signed their successors, in order.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_key_handovers(&self) -> Result<Vec<String>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        handovers(&mut read).await
    }

    /// The hashes of a tile: `width` hashes of the level, 32 bytes each, from position 256 × `index` on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the newest checkpoint does not have all of them.
    pub async fn read_tile(
        &self,
        level: u32,
        index: u64,
        width: u64,
    ) -> Result<Vec<u8>, ServiceError> {
        let no_tile = || ServiceError::not_found("tile");
        let mut read = self.platform.store().read().await?;
        let newest = newest(&mut read).await?;
        let leaves = TILE_WIDTH
            .checked_pow(level.min(LEVELS))
            .unwrap_or(u64::MAX);
        let available = size_of(&newest)? / leaves;
        let start = index.checked_mul(TILE_WIDTH).ok_or_else(no_tile)?;
        let end = start.checked_add(width).ok_or_else(no_tile)?;
        if end > available || width == 0 || width > TILE_WIDTH {
            return Err(no_tile());
        }
        Ok(hashes(&mut read, level, start, width).await?.concat())
    }

    /// The proof that the tree of size `to` begins with the tree of size `from`, in base64.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the newest checkpoint is smaller, or `from` is greater than `to`.
    pub async fn prove_consistency(&self, from: u64, to: u64) -> Result<Vec<String>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let newest = newest(&mut read).await?;
        if to > size_of(&newest)? || from > to {
            return Err(ServiceError::not_found("tree size"));
        }
        encoded(&mut read, ranges::consistency(from, to)).await
    }

    /// The proof that an event is in the newest checkpoint. Only for administrators, since it has the event.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for others; [`ServiceError::NotFound`] when the tree does not have the event.
    pub async fn prove_event(
        &self,
        caller: &Caller,
        event: i64,
    ) -> Result<EventProof, ServiceError> {
        check_auditor(caller)?;
        let mut read = self.platform.store().read().await?;
        let newest = newest(&mut read).await?;
        let size = size_of(&newest)?;
        // A newer tree may have the event meanwhile.
        let leaf = leaf_of(&mut read, event).await?.filter(|leaf| *leaf < size);
        let leaf = leaf.ok_or_else(|| ServiceError::not_found("event in the log tree"))?;
        let row = read.list_event_rows(event - 1, event, 1).await?.pop();
        let stored = hashes(&mut read, 0, leaf, 1).await?;
        let text = row.and_then(|row| String::from_utf8(row.text).ok());
        let hash = stored
            .first()
            .copied()
            .unwrap_or_else(chain::hash_of_nothing);
        let proof = ranges::inclusion(leaf, size);
        Ok(EventProof {
            leaf: signed(leaf),
            text,
            hash: STANDARD.encode(hash),
            hashes: encoded(&mut read, proof).await?,
            checkpoint: note_of(&mut read, &newest).await?,
        })
    }
}

/// The position of the leaf of an event; `None` when the tree does not have it.
pub(crate) async fn leaf_of(conn: &mut Conn, event: i64) -> Result<Option<u64>, ServiceError> {
    let Some(tree) = conn.find_tree_of_event(event).await? else {
        return Ok(None);
    };
    let before = conn.find_tree_checkpoint(tree.checkpoint - 1).await?;
    let before = before.filter(|before| event > before.last_event);
    // The leaves of events are the first of a checkpoint, by their number.
    let leaf = before.map(|before| before.size + event - before.last_event - 1);
    Ok(leaf.and_then(|leaf| u64::try_from(leaf).ok()))
}

/// The newest tree.
pub(crate) async fn newest(read: &mut Read) -> Result<TreeCheckpoint, ServiceError> {
    let newest = read.find_newest_tree_checkpoint().await?;
    newest.ok_or_else(|| ServiceError::not_found("checkpoint of the log tree"))
}

/// The signed note of a tree.
pub(crate) async fn note_of(
    read: &mut Read,
    tree: &TreeCheckpoint,
) -> Result<String, ServiceError> {
    let key = key_of(read, tree.key).await?;
    let root = tree.root.as_slice().try_into();
    let head = TreeHead {
        origin: key.name.clone(),
        size: size_of(tree)?,
        root: root.map_err(|_| changed())?,
    };
    Ok(key.note(&head.text(), &tree.signature))
}

/// The public key with this number, or the newest before it.
async fn key_of(read: &mut Read, number: i64) -> Result<PublicKey, ServiceError> {
    let keys = read.list_log_keys(KEYS).await?;
    let key = keys.into_iter().rfind(|key| key.number <= number);
    let key = key.ok_or_else(|| ServiceError::not_found("key of the log"))?;
    let public: Result<[u8; KEY_LENGTH], _> = key.public_key.try_into();
    Ok(PublicKey {
        name: key.origin,
        key: public.map_err(|_| changed())?,
    })
}

async fn encoded(read: &mut Read, proof: Vec<Leaves>) -> Result<Vec<String>, ServiceError> {
    let mut hashes = Vec::new();
    for range in proof {
        hashes.push(STANDARD.encode(root_of(read, range).await?));
    }
    Ok(hashes)
}

/// The number of leaves.
pub(crate) fn size_of(tree: &TreeCheckpoint) -> Result<u64, ServiceError> {
    u64::try_from(tree.size).map_err(|_| changed())
}

fn changed() -> ServiceError {
    ServiceError::Internal("the log tree was changed in the database".into())
}
