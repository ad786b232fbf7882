//! Tables `tree_checkpoint` and `tree_hash`: the Merkle tree over the rows of both logs.

use domain::platform::timestamp::Timestamp;

use crate::platform::{Conn, Housekeeping, Sql, StoreError, Stored, statements, values};

macro_rules! columns {
    () => {
        "seal, at, last_event, size, root, key, signature"
    };
}

statements! {
    const INSERT: Sql = concat!("INSERT INTO tree_checkpoint (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)");
    const NEWEST: Sql = concat!("SELECT ", columns!(), " FROM tree_checkpoint ORDER BY seal DESC LIMIT 1");
    const OLDEST: Sql = concat!("SELECT ", columns!(), " FROM tree_checkpoint ORDER BY seal LIMIT 1");
    const FIND: Sql = concat!("SELECT ", columns!(), " FROM tree_checkpoint WHERE seal = $1");
    const OF_EVENT: Sql = concat!(
        "SELECT ", columns!(), " FROM tree_checkpoint WHERE last_event >= $1 ORDER BY last_event, seal LIMIT 1"
    );
    const LEAVES: Sql = "SELECT tree_checkpoint.size, seal.leaves FROM tree_checkpoint \
        JOIN seal ON seal.number = tree_checkpoint.seal \
        WHERE tree_checkpoint.size > $1 AND tree_checkpoint.size > 1 ORDER BY tree_checkpoint.size LIMIT $2";
    const HASHES: Sql = "SELECT position, hash FROM tree_hash WHERE level = $1 AND position >= $2 AND position < $3 \
        ORDER BY position";
    const INSERT_HASH: Sql = "INSERT INTO tree_hash (level, position, hash) VALUES ($1, $2, $3)";
    const NEWEST_KEY: Sql = "SELECT MAX(number) FROM log_key";
}

/// The tree after the rows of a checkpoint. It is not trusted before its signature is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeCheckpoint {
    /// The number of the checkpoint.
    pub checkpoint: i64,
    /// When it was created.
    pub at: Timestamp,
    /// The newest audit event in the tree.
    pub last_event: i64,
    /// Number of leaves.
    pub size: i64,
    /// The root hash.
    pub root: Vec<u8>,
    /// The number of the key that signed it.
    pub key: i64,
    /// The Ed25519 signature of the note.
    pub signature: Vec<u8>,
}

/// The root of a subtree of 256 to the power of `level` leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHash {
    /// Its level; 0 is a leaf.
    pub level: i64,
    /// Its position among the hashes of its level.
    pub position: i64,
    /// The hash.
    pub hash: [u8; 32],
}

#[derive(sqlx::FromRow)]
pub(crate) struct TreeCheckpointRow {
    seal: i64,
    at: i64,
    last_event: i64,
    size: i64,
    root: Vec<u8>,
    key: i64,
    signature: Vec<u8>,
}

impl Stored for TreeCheckpoint {
    type Row = TreeCheckpointRow;

    fn from_row(row: TreeCheckpointRow) -> Result<Self, StoreError> {
        Ok(Self {
            checkpoint: row.seal,
            at: Timestamp::from_micros(row.at),
            last_event: row.last_event,
            size: row.size,
            root: row.root,
            key: row.key,
            signature: row.signature,
        })
    }
}

impl Conn {
    /// The newest state of the tree; `None` before the first start of a server.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_tree_checkpoint(
        &mut self,
    ) -> Result<Option<TreeCheckpoint>, StoreError> {
        self.find(NEWEST, values![]).await
    }

    /// The start of the tree.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_tree_start(&mut self) -> Result<Option<TreeCheckpoint>, StoreError> {
        self.find(OLDEST, values![]).await
    }

    /// The tree after the rows of the checkpoint with this number.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_tree_checkpoint(
        &mut self,
        checkpoint: i64,
    ) -> Result<Option<TreeCheckpoint>, StoreError> {
        self.find(FIND, values![checkpoint]).await
    }

    /// The first tree that has the event with this number, or a later one.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_tree_of_event(
        &mut self,
        event: i64,
    ) -> Result<Option<TreeCheckpoint>, StoreError> {
        self.find(OF_EVENT, values![event]).await
    }

    /// The leaf hashes of checkpoints, each with the size of the tree after them, from the one that has the leaf at
    /// position `from`. At most `limit` checkpoints. The leaf of the start is not among them.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_tree_leaves(
        &mut self,
        from: i64,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.fetch_all(LEAVES, values![from, limit]).await
    }

    /// The stored hashes of a level from one position to another, exclusive, each with its position.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_tree_hashes(
        &mut self,
        level: i64,
        from: i64,
        to: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.fetch_all(HASHES, values![level, from, to]).await
    }
}

impl Housekeeping {
    /// Stores the tree after the rows of a checkpoint, and the hashes that these rows completed; `false` when another key
    /// signs meanwhile, in which case this transaction must not be committed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another node stored this tree.
    pub async fn insert_tree_checkpoint(
        &mut self,
        tree: &TreeCheckpoint,
        hashes: &[TreeHash],
    ) -> Result<bool, StoreError> {
        let values = values![
            tree.checkpoint,
            tree.at,
            tree.last_event,
            tree.size,
            tree.root.as_slice(),
            tree.key,
            tree.signature.as_slice(),
        ];
        self.execute(INSERT, values).await?;
        for hash in hashes {
            let values = values![hash.level, hash.position, hash.hash.as_slice()];
            self.execute(INSERT_HASH, values).await?;
        }
        let (newest,) = self
            .fetch_one::<(Option<i64>,)>(NEWEST_KEY, values![])
            .await?;
        Ok(newest == Some(tree.key))
    }
}
