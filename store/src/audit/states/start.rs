//! Table `row_state_start`: that all rows have a state. The rows of earlier versions get theirs when this is stored, and
//! never later: otherwise rows that were changed with SQL would get one.

use domain::{audit::event::AuditEvent, platform::timestamp::Timestamp};

use super::state::{LoggedState, Stater};
use crate::platform::{
    CheckedTable, Column, Conn, Housekeeping, Sql, StoreError, statements, values,
};

/// The number of rows in one event.
const BATCH: i64 = 250;

statements! {
    const FIND: Sql = "SELECT event, at, mac FROM row_state_start WHERE position = 1";
    const INSERT: Sql = "INSERT INTO row_state_start (position, event, at, mac) VALUES (1, $1, $2, $3) \
        ON CONFLICT (position) DO NOTHING";
    const RENEW: Sql = "UPDATE row_state_start SET mac = $1 WHERE position = 1";
    const HAS_STATES: Sql = "SELECT COUNT(*) FROM (SELECT 1 FROM audit_event WHERE state IS NOT NULL \
        ORDER BY number DESC LIMIT 1) AS found";
}

/// From when on events have states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowStateStart {
    /// The first event that has states.
    pub event: i64,
    /// When the rows before it got theirs.
    pub at: Timestamp,
    /// Whether this row has its own MAC.
    pub has_mac: bool,
}

fn text(event: i64, at: Timestamp) -> Result<Vec<u8>, StoreError> {
    let text =
        Column("row_state_start", "event").to_json(&("row_state_start", event, at.as_micros()))?;
    Ok(text.into_bytes())
}

impl Conn {
    /// From when on events have states; `None` before a server or command of a version with states has run.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_row_state_start(&mut self) -> Result<Option<RowStateStart>, StoreError> {
        let found = self
            .fetch_optional::<(i64, i64, Vec<u8>)>(FIND, values![])
            .await?;
        let Some((event, at, mac)) = found else {
            return Ok(None);
        };
        let at = Timestamp::from_micros(at);
        let has_mac = self.cipher().is_mac(&text(event, at)?, Some(&mac));
        Ok(Some(RowStateStart { event, at, has_mac }))
    }

    /// Whether an event has states.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn has_row_states(&mut self) -> Result<bool, StoreError> {
        let (count,) = self.fetch_one::<(i64,)>(HAS_STATES, values![]).await?;
        Ok(count > 0)
    }
}

impl Housekeeping {
    /// Stores that all rows have a state from now on, and adds events with the states of the rows that exist, copies of
    /// `event`, which is `None` when there are no rows. Returns the number of rows; `None` when the start is stored already.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn start_row_states(
        &mut self,
        at: Timestamp,
        event: Option<&AuditEvent>,
    ) -> Result<Option<usize>, StoreError> {
        // Locks the counter, so that no other node changes a row before its state is stored.
        let first = self.take_event_numbers(0).await? + 1;
        let Some(mac) = self.cipher().mac(&text(first, at)?) else {
            return Ok(None);
        };
        let values = values![first, at, mac.as_slice()];
        if self.execute(INSERT, values).await? == 0 {
            return Ok(None);
        }
        let Some(event) = event else {
            return Ok(Some(0));
        };
        let mut count = 0;
        for table in CheckedTable::ALL {
            count += self.add_states(table, event).await?;
        }
        Ok(Some(count))
    }

    /// Computes the MAC of the start with the active key, if the start has its MAC. The keys must be held.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn renew_row_state_start(&mut self) -> Result<(), StoreError> {
        let start = self.find_row_state_start().await?;
        if let Some(start) = start.filter(|start| start.has_mac) {
            let mac = self.cipher().mac(&text(start.event, start.at)?);
            self.execute(RENEW, values![&mac]).await?;
        }
        Ok(())
    }

    async fn add_states(
        &mut self,
        table: CheckedTable,
        event: &AuditEvent,
    ) -> Result<usize, StoreError> {
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let rows = self.page_checked_rows(table, &after, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok(count);
            };
            after.clone_from(&last.id);
            count += rows.len();
            let number = self.newest_event_number().await? + 1;
            let Some(stater) = Stater::new(self.cipher()) else {
                return Ok(count);
            };
            let texts = rows.iter().map(|row| {
                let state = LoggedState {
                    table,
                    id: row.id.clone(),
                    event: number,
                    state: Some(stater.state(row)),
                };
                state.text(number)
            });
            let texts: Vec<String> = texts.collect();
            self.insert_event_with_states(event, texts.join(" "))
                .await?;
        }
    }
}
