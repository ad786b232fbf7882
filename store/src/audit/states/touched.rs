//! The rows that operations changed, and their states for the events of a commit. The rows are read once, before the
//! commit, so that the states are of what is stored.

use std::collections::HashMap;

use domain::audit::event::AuditEvent;

use super::{
    state::{LoggedState, Stater},
    tables::CheckedRow,
};
use crate::platform::{CheckedTable, Conn, StoreError, TouchedRows, Touches};

/// The states of a commit: the event, by its place, and what it says.
type Placed = (usize, LoggedState);

/// Up to where events and rows belong to an operation and those before it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OperationEnd {
    pub(crate) events: usize,
    pub(crate) touched: Touches,
}

impl Conn {
    /// The texts of the states for these events, of which the first has number `first`. `ends` has the operations in
    /// order.
    pub(crate) async fn list_new_states(
        &mut self,
        first: i64,
        events: &[AuditEvent],
        ends: &[OperationEnd],
    ) -> Result<Vec<Option<String>>, StoreError> {
        let touched = std::mem::take(self.touched());
        let mut texts = vec![None; events.len()];
        if Stater::new(self.cipher()).is_none() {
            return Ok(texts);
        }
        let numbers = |place: usize| first + i64::try_from(place).unwrap_or(i64::MAX);
        let mut placed: Vec<Placed> = Vec::new();
        for (table, id, place) in places(&touched, events, ends) {
            let state = LoggedState {
                table,
                id,
                event: numbers(place),
                state: None,
            };
            placed.push((place, state));
        }
        self.fill(&mut placed).await?;
        let changed = placed
            .iter()
            .map(|(place, state)| (*place, state.text(numbers(*place))));
        for (place, state) in changed.chain(repeated(touched.repeated, ends)) {
            let Some(text) = texts.get_mut(place) else {
                return Err(StoreError::NotCommitted);
            };
            match text {
                Some(text) => *text = format!("{text} {state}"),
                None => *text = Some(state),
            }
        }
        Ok(texts)
    }

    /// Reads the rows and sets their states. Rows that are not found stay without one.
    async fn fill(&mut self, placed: &mut [Placed]) -> Result<(), StoreError> {
        for table in CheckedTable::ALL {
            let of_table = placed.iter().filter(|(_, state)| state.table == table);
            let ids: Vec<&str> = of_table.map(|(_, state)| state.id.as_str()).collect();
            if ids.is_empty() {
                continue;
            }
            let rows = self.list_checked_rows(table, &ids).await?;
            let Some(stater) = Stater::new(self.cipher()) else {
                return Ok(());
            };
            let rows: HashMap<&str, &CheckedRow> =
                rows.iter().map(|row| (row.id.as_str(), row)).collect();
            for (_, state) in placed.iter_mut().filter(|(_, state)| state.table == table) {
                state.state = rows.get(state.id.as_str()).map(|row| stater.state(row));
            }
        }
        Ok(())
    }
}

/// The place of the event for each row: of the last operation that changed it, the event about the row, or the last one.
fn places(
    touched: &TouchedRows,
    events: &[AuditEvent],
    ends: &[OperationEnd],
) -> Vec<(CheckedTable, String, usize)> {
    let mut found: HashMap<&(CheckedTable, String), usize> = HashMap::new();
    let mut order = Vec::new();
    let mut begin = OperationEnd::default();
    for end in ends {
        let own = events.get(begin.events..end.events).unwrap_or_default();
        let about: HashMap<String, usize> = own
            .iter()
            .zip(begin.events..)
            .map(|(event, place)| (event.object.id.to_string(), place))
            .collect();
        let last = end.events.saturating_sub(1);
        let rows = touched.rows.get(begin.touched.rows..end.touched.rows);
        for key in rows.unwrap_or_default() {
            let id = key.1.split('/').next().unwrap_or_default();
            let place = about.get(id).copied().unwrap_or(last);
            if found.insert(key, place).is_none() {
                order.push(key);
            }
        }
        begin = *end;
    }
    let placed = order.into_iter().map(|key| {
        let place = found.get(key).copied().unwrap_or_default();
        (key.0, key.1.clone(), place)
    });
    placed.collect()
}

/// Repeated states, at the last event of their operation.
fn repeated(states: Vec<String>, ends: &[OperationEnd]) -> impl Iterator<Item = (usize, String)> {
    states.into_iter().enumerate().filter_map(|(index, state)| {
        let end = ends.iter().find(|end| index < end.touched.repeated)?;
        Some((end.events.checked_sub(1)?, state))
    })
}
