//! Tables `seal` and `unsealed_block`: checkpoints, and the call blocks without one.

use domain::platform::timestamp::Timestamp;

use crate::platform::{
    Column, Conn, Housekeeping, Sql, StoreError, Stored, Value, statements, values,
};

macro_rules! columns {
    () => {
        "number, at, last_event, blocks, leaves, root, previous, signature, mac_from"
    };
}

statements! {
    const INSERT: Sql = concat!("INSERT INTO seal (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    const LIST: Sql = concat!("SELECT ", columns!(), " FROM seal WHERE number > $1 ORDER BY number LIMIT $2");
    const NEWEST: Sql = concat!("SELECT ", columns!(), " FROM seal ORDER BY number DESC LIMIT 1");
    const LAST_EVENT: Sql = "SELECT MAX(last_event) FROM seal WHERE number > $1 AND at < $2 AND number <= $3";
    const UNCOVERED: Sql = "SELECT block_id FROM unsealed_block ORDER BY block_id LIMIT $1";
}

/// A checkpoint as it is stored. It is not trusted before its signature, its link to the previous one and its root are
/// verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its position in the chain, from 1.
    pub number: i64,
    /// When it was created.
    pub at: Timestamp,
    /// The newest audit event that it covers.
    pub last_event: i64,
    /// The call blocks that it covers, in this order.
    pub blocks: Vec<i64>,
    /// The hashes of its rows, 32 bytes each: the events by number, then `blocks`.
    pub leaves: Vec<u8>,
    /// The Merkle root of the hashes.
    pub root: Vec<u8>,
    /// The hash of the checkpoint before; zeros for the first.
    pub previous: Vec<u8>,
    /// The first event that was stored with a MAC; `None` in the checkpoints of versions that did not check MACs.
    pub mac_from: Option<i64>,
    /// The Ed25519 signature over all of the above.
    pub signature: Vec<u8>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct CheckpointRow {
    number: i64,
    at: i64,
    last_event: i64,
    blocks: String,
    leaves: Vec<u8>,
    root: Vec<u8>,
    previous: Vec<u8>,
    signature: Vec<u8>,
    mac_from: Option<i64>,
}

const BLOCKS: Column = Column("seal", "blocks");

impl Stored for Checkpoint {
    type Row = CheckpointRow;

    fn from_row(row: CheckpointRow) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.number,
            at: Timestamp::from_micros(row.at),
            last_event: row.last_event,
            blocks: BLOCKS.parse_json(&row.blocks)?,
            leaves: row.leaves,
            root: row.root,
            previous: row.previous,
            mac_from: row.mac_from,
            signature: row.signature,
        })
    }
}

impl Housekeeping {
    /// Adds a checkpoint, and removes its call blocks from `unsealed_block`; `false` when another node covered or merged
    /// one of them meanwhile, in which case this transaction must not be committed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another node added a checkpoint with this number.
    pub async fn insert_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<bool, StoreError> {
        let values = values![
            checkpoint.number,
            checkpoint.at,
            checkpoint.last_event,
            BLOCKS.to_json(&checkpoint.blocks)?,
            checkpoint.leaves.as_slice(),
            checkpoint.root.as_slice(),
            checkpoint.previous.as_slice(),
            checkpoint.signature.as_slice(),
            Value::Integer(checkpoint.mac_from),
        ];
        self.execute(INSERT, values).await?;
        self.take_uncovered_blocks(&checkpoint.blocks).await
    }
}

impl Conn {
    /// The newest checkpoint, if there is any.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_checkpoint(&mut self) -> Result<Option<Checkpoint>, StoreError> {
        self.find(NEWEST, values![]).await
    }

    /// The checkpoints after number `after`, by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_checkpoints(
        &mut self,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Checkpoint>, StoreError> {
        self.list(LIST, values![after, limit]).await
    }

    /// The newest event that a checkpoint covers which follows number `after`, was created before `until`, and has
    /// number `to` at most; `None` without such a checkpoint.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_last_event_before(
        &mut self,
        after: i64,
        until: Timestamp,
        to: i64,
    ) -> Result<Option<i64>, StoreError> {
        let values = values![after, until, to];
        let (last,) = self.fetch_one::<(Option<i64>,)>(LAST_EVENT, values).await?;
        Ok(last)
    }

    /// The ids of the oldest call blocks without a checkpoint.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_uncovered_blocks(&mut self, limit: i64) -> Result<Vec<i64>, StoreError> {
        let found = self.fetch_all::<(i64,)>(UNCOVERED, values![limit]).await?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }
}
