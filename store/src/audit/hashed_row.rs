//! Rows of the audit log and the call log with all their columns, in the form that checkpoints hash.

use serde::Serialize;

use super::{
    calls::call,
    event_row::{self, EventRow, columns},
};
use crate::platform::{Conn, Sql, StoreError, cipher::DocumentCipher, statements, values};

/// The table of events, as their hashed text names it.
pub(crate) const EVENTS: &str = "audit_event";

/// Number of ids in one read.
const IDS: i64 = 10_000;

/// The table of call blocks, as their hashed text names it.
const BLOCKS: &str = "call_block";

statements! {
    const LIST_EVENTS: Sql = concat!(
        "SELECT ",
        columns!(),
        ", mac FROM audit_event WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3"
    );
    const BLOCK: Sql = "SELECT id, writes, first_at, last_at, call_count, sources, targets, calls, mac \
        FROM call_block WHERE id = $1";
    const BLOCK_IDS: Sql = "SELECT id FROM call_block WHERE id > $1 ORDER BY id LIMIT $2";
}

/// A row of either log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedRow {
    /// The number of an event, or the id of a block.
    pub key: i64,
    /// The hashed text: the name of the table and all columns but the MAC as JSON, the same on both databases.
    pub text: Vec<u8>,
    /// Whether the row has the MAC of this text. Other rows were inserted or changed by others than this program.
    pub has_mac: bool,
    /// What the rows became that the event changed; none of a block.
    pub state: Option<String>,
}

/// An event with its MAC.
#[derive(Debug, sqlx::FromRow)]
struct EventWithMac {
    #[sqlx(flatten)]
    row: EventRow,
    mac: Option<Vec<u8>>,
}

/// A call block with all its columns.
#[derive(Debug, sqlx::FromRow, Serialize)]
pub(crate) struct WholeBlockRow {
    pub(crate) id: i64,
    pub(crate) writes: bool,
    pub(crate) first_at: i64,
    pub(crate) last_at: i64,
    pub(crate) call_count: i64,
    pub(crate) sources: String,
    pub(crate) targets: String,
    pub(crate) calls: String,
    #[serde(skip)]
    pub(crate) mac: Option<Vec<u8>>,
}

/// The hashed text of a row of this table, from its columns as a JSON object.
pub(crate) fn hashed_text(table: &str, row: &str) -> Vec<u8> {
    format!("[\"{table}\",{row}]").into_bytes()
}

impl WholeBlockRow {
    /// The hashed text.
    pub(crate) fn text(&self) -> Result<Vec<u8>, StoreError> {
        Ok(hashed_text(BLOCKS, &call::column("calls").to_json(self)?))
    }

    /// Whether the row has its MAC.
    pub(crate) fn has_mac(&self, cipher: &DocumentCipher) -> Result<bool, StoreError> {
        Ok(cipher.is_mac(&self.text()?, self.mac.as_deref()))
    }
}

impl HashedRow {
    fn new(key: i64, text: Vec<u8>, mac: Option<&[u8]>, cipher: &DocumentCipher) -> Self {
        let has_mac = cipher.is_mac(&text, mac);
        Self {
            key,
            text,
            has_mac,
            state: None,
        }
    }
}

impl Conn {
    /// The events after number `after` up to number `to`, by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_event_rows(
        &mut self,
        after: i64,
        to: i64,
        limit: i64,
    ) -> Result<Vec<HashedRow>, StoreError> {
        let rows = self
            .fetch_all::<EventWithMac>(LIST_EVENTS, values![after, to, limit])
            .await?;
        let hashed = |EventWithMac { row, mac }: &EventWithMac| {
            let text = hashed_text(EVENTS, &event_row::column("changes").to_json(row)?);
            let mut hashed = HashedRow::new(row.number, text, mac.as_deref(), self.cipher());
            hashed.state.clone_from(&row.state);
            Ok(hashed)
        };
        rows.iter().map(hashed).collect()
    }

    /// The call block with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_block_row(&mut self, id: i64) -> Result<Option<HashedRow>, StoreError> {
        let row = self
            .fetch_optional::<WholeBlockRow>(BLOCK, values![id])
            .await?;
        let hashed = |row: &WholeBlockRow| {
            let text = row.text()?;
            Ok(HashedRow::new(
                row.id,
                text,
                row.mac.as_deref(),
                self.cipher(),
            ))
        };
        row.as_ref().map(hashed).transpose()
    }

    /// The ids of call blocks after `after`, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_block_ids(&mut self, after: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
        let found = self
            .fetch_all::<(i64,)>(BLOCK_IDS, values![after, limit])
            .await?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    /// The ids of all call blocks, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_all_block_ids(&mut self) -> Result<Vec<i64>, StoreError> {
        let mut ids = Vec::new();
        let mut after = i64::MIN;
        loop {
            let next = self.list_block_ids(after, IDS).await?;
            let Some(last) = next.last() else {
                return Ok(ids);
            };
            after = *last;
            ids.extend(next);
        }
    }
}
