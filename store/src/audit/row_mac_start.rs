//! Table `row_mac_start`: from which event on rows of both logs have a MAC. The rows before it that no checkpoint covers
//! get theirs when this is stored, and never later: otherwise rows that were inserted with SQL would get one.

use domain::platform::timestamp::Timestamp;

use super::hashed_row::HashedRow;
use crate::platform::{Column, Conn, Housekeeping, Sql, StoreError, statements, values};

/// The number of rows in one read.
const BATCH: i64 = 250;

statements! {
    const FIND: Sql = "SELECT event, at, mac FROM row_mac_start WHERE position = 1";
    const INSERT: Sql = "INSERT INTO row_mac_start (position, event, at, mac) VALUES (1, $1, $2, $3) \
        ON CONFLICT (position) DO NOTHING";
    const RENEW: Sql = "UPDATE row_mac_start SET mac = $1 WHERE position = 1";
    const HAS_MACS: Sql = "SELECT (SELECT COUNT(*) FROM audit_event WHERE number > $1 AND mac IS NOT NULL) + \
        (SELECT COUNT(*) FROM call_block WHERE mac IS NOT NULL AND id IN (SELECT block_id FROM unsealed_block))";
    const UNCOVERED: Sql = "SELECT block_id FROM unsealed_block WHERE block_id > $1 ORDER BY block_id LIMIT $2";
    const ADD_TO_EVENT: Sql = "UPDATE audit_event SET mac = $2 WHERE number = $1";
    const ADD_TO_BLOCK: Sql = "UPDATE call_block SET mac = $2 WHERE id = $1";
}

/// From when on rows have a MAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowMacStart {
    /// The first event that was stored with a MAC.
    pub event: i64,
    /// When the rows before it got theirs.
    pub at: Timestamp,
    /// Whether this row has its own MAC.
    pub has_mac: bool,
}

fn text(event: i64, at: Timestamp) -> Result<Vec<u8>, StoreError> {
    let text =
        Column("row_mac_start", "event").to_json(&("row_mac_start", event, at.as_micros()))?;
    Ok(text.into_bytes())
}

impl Conn {
    /// From when on rows have a MAC; `None` before a server or command of a version with MACs has run.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_row_mac_start(&mut self) -> Result<Option<RowMacStart>, StoreError> {
        let found = self
            .fetch_optional::<(i64, i64, Vec<u8>)>(FIND, values![])
            .await?;
        let Some((event, at, mac)) = found else {
            return Ok(None);
        };
        let at = Timestamp::from_micros(at);
        let has_mac = self.cipher().is_mac(&text(event, at)?, Some(&mac));
        Ok(Some(RowMacStart { event, at, has_mac }))
    }

    /// Whether a row that no checkpoint covers has a MAC. `covered` is the newest event with a checkpoint.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn has_uncovered_macs(&mut self, covered: i64) -> Result<bool, StoreError> {
        let (count,) = self.fetch_one::<(i64,)>(HAS_MACS, values![covered]).await?;
        Ok(count > 0)
    }
}

impl Housekeeping {
    /// Stores that all rows from now on have a MAC, and adds one to each row that no checkpoint covers. `covered` is the
    /// newest event with a checkpoint. Returns the number of rows that got a MAC; `None` when the start is stored
    /// already.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn start_row_macs(
        &mut self,
        at: Timestamp,
        covered: i64,
    ) -> Result<Option<usize>, StoreError> {
        self.hold_keys().await?;
        let newest = self.newest_event_number().await?;
        let Some(mac) = self.cipher().mac(&text(newest + 1, at)?) else {
            return Ok(None);
        };
        // The first statement that writes, so that another node waits here.
        let values = values![newest + 1, at, mac.as_slice()];
        if self.execute(INSERT, values).await? == 0 {
            return Ok(None);
        }
        let events = self.add_event_macs(covered, newest).await?;
        Ok(Some(events + self.add_block_macs().await?))
    }

    /// Replaces the MAC of the start by one with the active key. A start without its MAC stays as it is.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn renew_row_mac_start(&mut self) -> Result<(), StoreError> {
        self.hold_keys().await?;
        let start = self.find_row_mac_start().await?;
        if let Some(start) = start.filter(|start| start.has_mac) {
            let mac = self.cipher().mac(&text(start.event, start.at)?);
            self.execute(RENEW, values![&mac]).await?;
        }
        Ok(())
    }

    async fn add_event_macs(&mut self, covered: i64, newest: i64) -> Result<usize, StoreError> {
        let (mut after, mut count) = (covered, 0);
        loop {
            let rows = self.list_event_rows(after, newest, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok(count);
            };
            after = last.key;
            for row in &rows {
                self.add_mac(ADD_TO_EVENT, row).await?;
            }
            count += rows.len();
        }
    }

    async fn add_block_macs(&mut self) -> Result<usize, StoreError> {
        let (mut after, mut count) = (i64::MIN, 0);
        loop {
            let ids = self
                .fetch_all::<(i64,)>(UNCOVERED, values![after, BATCH])
                .await?;
            let Some((last,)) = ids.last() else {
                return Ok(count);
            };
            after = *last;
            for (id,) in ids {
                if let Some(row) = self.find_block_row(id).await? {
                    self.add_mac(ADD_TO_BLOCK, &row).await?;
                    count += 1;
                }
            }
        }
    }

    async fn add_mac(&mut self, add: Sql, row: &HashedRow) -> Result<(), StoreError> {
        let mac = self.cipher().mac(&row.text);
        self.execute(add, values![row.key, &mac]).await.map(drop)
    }
}
