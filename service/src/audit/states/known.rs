//! What the log says of rows: the newest state of each, for as many rows as fit.

use std::collections::BTreeMap;

use store::{CheckedTable, HashedRow, LoggedState, RowState};

use super::finding::{StateDeviation, StateFinding};

/// A row by table and id.
pub(super) type Key = (CheckedTable, String);

/// The newest state of a row.
#[derive(Debug)]
pub(super) struct Known {
    /// The event that changed the row.
    pub(super) event: i64,
    /// `None` when it removed the row.
    pub(super) state: Option<RowState>,
    /// Whether the row was compared.
    pub(super) is_compared: bool,
}

/// The newest states of a range of rows. The range ends where more would not fit, so that memory is bounded.
#[derive(Debug)]
pub(super) struct KnownStates {
    most: usize,
    from: Option<Key>,
    until: Option<Key>,
    rows: BTreeMap<Key, Known>,
    /// The number of the newest event that was read.
    pub(super) read_to: i64,
    /// Deviations that the log itself shows.
    pub(super) findings: Vec<StateFinding>,
}

impl KnownStates {
    /// The states of at most `most` rows from this one on.
    pub(super) const fn from(from: Option<Key>, most: usize) -> Self {
        Self {
            most,
            from,
            until: None,
            rows: BTreeMap::new(),
            read_to: 0,
            findings: Vec::new(),
        }
    }

    /// The first row behind the range; `None` when the range has all rows.
    pub(super) const fn until(&self) -> Option<&Key> {
        self.until.as_ref()
    }

    /// Whether a row is in the range.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.from.as_ref().is_none_or(|from| key >= from)
            && self.until.as_ref().is_none_or(|until| key < until)
    }

    /// Whether rows of a table can be in the range.
    pub(super) fn has_table(&self, table: CheckedTable) -> bool {
        self.from.as_ref().is_none_or(|(from, _)| table >= *from)
            && self.until.as_ref().is_none_or(|(until, _)| table <= *until)
    }

    pub(super) fn find(&mut self, key: &Key) -> Option<&mut Known> {
        self.rows.get_mut(key)
    }

    /// The rows that exist by the log and were not compared.
    pub(super) fn list_missing(&self) -> Vec<Key> {
        let missing = self
            .rows
            .iter()
            .filter(|(_, known)| known.state.is_some() && !known.is_compared);
        missing.map(|(key, _)| key.clone()).collect()
    }

    /// Notes the states of an event that is authentic.
    pub(super) fn note_event(&mut self, row: &HashedRow) {
        if let Some(text) = &row.state {
            LoggedState::list(row.key, text).for_each(|state| self.note(state));
        }
    }

    fn note(&mut self, new: LoggedState) {
        let key = (new.table, new.id);
        if !self.has(&key) {
            return;
        }
        let known = self.rows.get_mut(&key);
        if let Some(known) = known {
            if known.event > new.event {
                return;
            }
            if let (Some(earlier), Some(later)) = (&known.state, &new.state) {
                let fields = later.changed_fixed_columns(new.table, earlier);
                if !fields.is_empty() {
                    self.findings.push(StateFinding {
                        table: new.table.label(),
                        id: key.1,
                        deviation: StateDeviation::ChangedBefore {
                            fields,
                            event: new.event,
                        },
                    });
                }
            }
            (known.event, known.state) = (new.event, new.state);
            return;
        }
        let known = Known {
            event: new.event,
            state: new.state,
            is_compared: false,
        };
        self.rows.insert(key, known);
        if self.rows.len() > self.most {
            self.until = self.rows.pop_last().map(|(key, _)| key);
        }
    }
}
