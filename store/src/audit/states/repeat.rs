//! Repeating states: before retention removes an event, a later event repeats its states of rows that exist.

use std::collections::{BTreeMap, HashSet};

use super::state::LoggedState;
use crate::{
    audit::write::Write,
    platform::{CheckedTable, Conn, Sql, StoreError, statements, values},
};

statements! {
    const NEXT: Sql = "SELECT number, state FROM audit_event WHERE number > $1 AND number <= $2 AND state IS NOT NULL \
        ORDER BY number LIMIT $3";
    const NEWEST: Sql = "SELECT state FROM audit_event WHERE object_id = $1 AND number > $2 AND state IS NOT NULL \
        ORDER BY at DESC, number DESC LIMIT 1";
}

impl Conn {
    /// The states in at most `limit` events after number `after` up to number `to`, those to repeat when these events are
    /// removed, and the number of the last of these events; `None` when there are no more.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_states_to_repeat(
        &mut self,
        after: i64,
        to: i64,
        limit: i64,
    ) -> Result<Option<(i64, Vec<LoggedState>)>, StoreError> {
        let events = self
            .fetch_all::<(i64, String)>(NEXT, values![after, to, limit])
            .await?;
        let Some((last, _)) = events.last() else {
            return Ok(None);
        };
        let last = *last;
        let mut newest: BTreeMap<(CheckedTable, String), LoggedState> = BTreeMap::new();
        for state in events
            .iter()
            .flat_map(|(number, text)| LoggedState::list(*number, text))
        {
            let key = (state.table, state.id.clone());
            let is_older = newest
                .get(&key)
                .is_some_and(|known| known.event > state.event);
            if !is_older {
                newest.insert(key, state);
            }
        }
        let mut kept = Vec::new();
        for table in CheckedTable::ALL {
            let states = newest.values().filter(|state| state.table == table);
            let ids: Vec<&str> = states.clone().map(|state| state.id.as_str()).collect();
            if ids.is_empty() {
                continue;
            }
            let rows = self.list_checked_rows(table, &ids).await?;
            let existing: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
            for state in states.filter(|state| existing.contains(state.id.as_str())) {
                if !self.has_later_state(state, to).await? {
                    kept.push(state.clone());
                }
            }
        }
        Ok(Some((last, kept)))
    }

    /// Whether the newest event about the same object has a state of the same row.
    async fn has_later_state(&mut self, state: &LoggedState, to: i64) -> Result<bool, StoreError> {
        let object = state.id.split('/').next().unwrap_or_default();
        let newest = self
            .fetch_optional::<(String,)>(NEWEST, values![object, to])
            .await?;
        let is_same = |later: LoggedState| later.table == state.table && later.id == state.id;
        Ok(newest.is_some_and(|(text,)| LoggedState::list(0, &text).any(is_same)))
    }
}

impl Write {
    /// Repeats states of earlier events in the last event of the operation.
    pub fn repeat_states(&mut self, states: &[LoggedState]) {
        // No event has the number 0, so each text has the number of its event.
        let texts = states.iter().map(|state| state.text(0));
        self.touched().repeated.extend(texts);
    }
}
