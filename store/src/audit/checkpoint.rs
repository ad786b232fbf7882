//! Tables `seal` and `unsealed_block`: what the record was when it was sealed, and which rows wait to be.

use domain::platform::timestamp::Timestamp;

use crate::{
    audit::{call_block::block_text, event_row::event_text, housekeeping::Housekeeping},
    platform::{
        dialect::{
            on,
            rows::{OverRows, over_rows},
        },
        error::StoreError,
        row::Column,
        transaction::Conn,
    },
};

macro_rules! columns {
    () => {
        "number, at, last_event, blocks, leaves, root, previous, signature"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO seal (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
);
const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM seal WHERE number > $1 ORDER BY number LIMIT $2"
);
const NEWEST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM seal ORDER BY number DESC LIMIT 1"
);
const EVENTS: &str =
    "SELECT * FROM audit_event WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3";
const BLOCK: &str = "SELECT * FROM call_block WHERE id = $1";
const BLOCK_IDS: &str = "SELECT id FROM call_block WHERE id > $1 ORDER BY id LIMIT $2";
const UNSEALED: &str = "SELECT block_id FROM unsealed_block ORDER BY block_id LIMIT $1";
const MARK_SEALED: OverRows = over_rows!(
    "DELETE FROM unsealed_block WHERE block_id IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM",
    ")"
);

/// A seal, as it is kept. Nothing in it is trusted before its signature, its chain and its root were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// The number of the newest event it stands for.
    pub last_event: i64,
    /// The blocks of calls it stands for, in this order.
    pub blocks: Vec<i64>,
    /// The hashes of its rows, 32 bytes each: events in their order, then blocks in theirs.
    pub leaves: Vec<u8>,
    /// The Merkle root over the hashes.
    pub root: Vec<u8>,
    /// The hash of the seal before; zeros for the first.
    pub previous: Vec<u8>,
    /// The Ed25519 signature over all of the above.
    pub signature: Vec<u8>,
}

/// One row of the record, with all that stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    /// An event's number, a block's id.
    pub key: i64,
    /// All of its columns, the same on both databases: what is hashed.
    pub text: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    at: i64,
    last_event: i64,
    blocks: String,
    leaves: Vec<u8>,
    root: Vec<u8>,
    previous: Vec<u8>,
    signature: Vec<u8>,
}

impl TryFrom<Row> for Seal {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.number,
            at: Timestamp::from_micros(row.at),
            last_event: row.last_event,
            blocks: Column("seal", "blocks").parse(&row.blocks)?,
            leaves: row.leaves,
            root: row.root,
            previous: row.previous,
            signature: row.signature,
        })
    }
}

impl Housekeeping {
    /// Adds a seal; the blocks it stands for no longer wait.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another node made a seal of this number.
    pub async fn insert_seal(&mut self, seal: &Seal) -> Result<(), StoreError> {
        let blocks = Column("seal", "blocks").written(&seal.blocks)?;
        on!(self, c => sqlx::query(INSERT)
            .bind(seal.number)
            .bind(seal.at.as_micros())
            .bind(seal.last_event)
            .bind(&blocks)
            .bind(&seal.leaves)
            .bind(&seal.root)
            .bind(&seal.previous)
            .bind(&seal.signature)
            .execute(c)
            .await
            .map(drop))?;
        let blocks: Vec<[i64; 1]> = seal.blocks.iter().map(|block| [*block]).collect();
        self.run_over(&MARK_SEALED, &blocks).await.map(drop)
    }
}

impl Conn {
    /// The newest seal, if there is any.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_seal(&mut self) -> Result<Option<Seal>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(NEWEST).fetch_optional(c).await)?
            .map(Seal::try_from)
            .transpose()
    }

    /// The seals after number `after`, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_seals(&mut self, after: i64, limit: i64) -> Result<Vec<Seal>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(LIST).bind(after).bind(limit).fetch_all(c).await)?
            .into_iter()
            .map(Seal::try_from)
            .collect()
    }

    /// The events after one number up to another, in their order, as they are sealed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_event_rows(
        &mut self,
        after: i64,
        to: i64,
        limit: i64,
    ) -> Result<Vec<SealedRow>, StoreError> {
        on!(self, c => sqlx::query_as(EVENTS).bind(after).bind(to).bind(limit).fetch_all(c).await)?
            .iter()
            .map(event_text)
            .collect()
    }

    /// A block of calls as it is sealed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_block_row(&mut self, id: i64) -> Result<Option<SealedRow>, StoreError> {
        on!(self, c => sqlx::query_as(BLOCK).bind(id).fetch_optional(c).await)?
            .as_ref()
            .map(block_text)
            .transpose()
    }

    /// The ids of blocks of calls after `after`, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_block_ids(&mut self, after: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
        Ok(
            on!(self, c => sqlx::query_scalar(BLOCK_IDS).bind(after).bind(limit).fetch_all(c).await)?,
        )
    }

    /// The ids of blocks of calls that wait to be sealed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_unsealed_blocks(&mut self, limit: i64) -> Result<Vec<i64>, StoreError> {
        Ok(on!(self, c => sqlx::query_scalar(UNSEALED).bind(limit).fetch_all(c).await)?)
    }
}
