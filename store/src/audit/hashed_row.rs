//! Rows of the audit log and the call log with all their columns, in the form that checkpoints hash.

use serde::Serialize;

use super::{
    calls::call,
    event_row::{self, EventRow, columns},
};
use crate::platform::{Conn, Sql, StoreError, statements, values};

statements! {
    const EVENTS: Sql = concat!(
        "SELECT ",
        columns!(),
        " FROM audit_event WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3"
    );
    const BLOCK: Sql = "SELECT id, writes, first_at, last_at, call_count, sources, targets, calls \
        FROM call_block WHERE id = $1";
    const BLOCK_IDS: Sql = "SELECT id FROM call_block WHERE id > $1 ORDER BY id LIMIT $2";
}

/// A row of either log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedRow {
    /// The number of an event, or the id of a block.
    pub key: i64,
    /// The hashed text: the name of the table and all columns as JSON, the same on both databases.
    pub text: Vec<u8>,
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
}

impl HashedRow {
    fn of_event(row: &EventRow) -> Result<Self, StoreError> {
        let text = event_row::column("changes").to_json(&("audit_event", row))?;
        Ok(Self {
            key: row.number,
            text: text.into_bytes(),
        })
    }

    fn of_block(row: &WholeBlockRow) -> Result<Self, StoreError> {
        let text = call::column("calls").to_json(&("call_block", row))?;
        Ok(Self {
            key: row.id,
            text: text.into_bytes(),
        })
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
        let rows = self.fetch_all(EVENTS, values![after, to, limit]).await?;
        rows.iter().map(HashedRow::of_event).collect()
    }

    /// The call block with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_block_row(&mut self, id: i64) -> Result<Option<HashedRow>, StoreError> {
        let row = self.fetch_optional(BLOCK, values![id]).await?;
        row.as_ref().map(HashedRow::of_block).transpose()
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
}
