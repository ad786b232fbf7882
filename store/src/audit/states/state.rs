//! The state of a row in an event: a MAC of all compared columns, and a short mark of each, which names the column that
//! differs.

use std::hash::Hasher as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use siphasher::sip::SipHasher24;

use super::tables::CheckedRow;
use crate::platform::{
    CheckedTable,
    cipher::{DocumentCipher, MAC_LENGTH},
};

/// The length of the mark of a column in bytes. A mark only names a column; the MAC finds the difference.
const MARK_LENGTH: usize = 2;

/// What stands for the state of a row that was removed.
const GONE: &str = "-";

/// The state of a row: its MAC, then the marks of its columns. A later version has more columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowState(Vec<u8>);

/// What an event says about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedState {
    /// The table.
    pub table: CheckedTable,
    /// The id of the row.
    pub id: String,
    /// The event that changed the row. A later event can repeat it.
    pub event: i64,
    /// What the row became; `None` when it was removed.
    pub state: Option<RowState>,
}

/// Computes states. It holds the key of the marks.
pub(crate) struct Stater<'a> {
    cipher: &'a DocumentCipher,
    marks: SipHasher24,
}

impl<'a> Stater<'a> {
    /// `None` without a master key: then no event has states.
    pub(crate) fn new(cipher: &'a DocumentCipher) -> Option<Self> {
        let key = cipher.state_mac(b"countersign row state marks v1")?;
        let half = key.first_chunk::<16>()?;
        Some(Self {
            cipher,
            marks: SipHasher24::new_with_key(half),
        })
    }

    /// The state of a row.
    pub(crate) fn state(&self, row: &CheckedRow) -> RowState {
        let mac = self.cipher.state_mac(&text(row, row.values.len()));
        let mut state = mac.unwrap_or([0; MAC_LENGTH]).to_vec();
        let columns = row.table.columns().zip(&row.values);
        state.extend(columns.flat_map(|(name, value)| self.mark(row, name, value)));
        RowState(state)
    }

    /// The columns in which a row differs from a state: none when the row is as the state says.
    pub(crate) fn differences(&self, row: &CheckedRow, state: &RowState) -> Vec<&'static str> {
        let covered = state.marks().len().min(row.values.len());
        let mac = self.cipher.state_mac(&text(row, covered));
        if mac.as_ref().map(<[u8; MAC_LENGTH]>::as_slice) == state.mac() {
            return Vec::new();
        }
        let columns = row.table.columns().zip(&row.values).zip(state.marks());
        let differing =
            columns.filter(|((name, value), mark)| self.mark(row, name, value) != **mark);
        let names: Vec<&str> = differing.map(|((name, _), _)| name).collect();
        match names.is_empty() {
            true => vec!["a column that cannot be named"],
            false => names,
        }
    }

    fn mark(&self, row: &CheckedRow, column: &str, value: &str) -> [u8; MARK_LENGTH] {
        let mut hasher = self.marks;
        for part in [row.table.label(), &row.id, column, value] {
            hasher.write(part.as_bytes());
            hasher.write_u8(0);
        }
        let [first, second, ..] = hasher.finish().to_le_bytes();
        [first, second]
    }
}

/// The text of which the MAC of a row with this many columns is made.
fn text(row: &CheckedRow, columns: usize) -> Vec<u8> {
    let values = row.values.iter().take(columns);
    let mut text = format!("[\"row_state\",\"{}\",\"{}\"", row.table.label(), row.id);
    for value in values {
        text.push_str(",[");
        text.push_str(value);
        text.push(']');
    }
    text.push(']');
    text.into_bytes()
}

impl RowState {
    fn mac(&self) -> Option<&[u8]> {
        self.0.get(..MAC_LENGTH)
    }

    fn marks(&self) -> &[[u8; MARK_LENGTH]] {
        let marks = self.0.get(MAC_LENGTH..).unwrap_or_default();
        marks.as_chunks::<MARK_LENGTH>().0
    }

    /// The columns that never change and yet differ from an earlier state of the row: they were changed before the later
    /// event took them over.
    #[must_use]
    pub fn changed_fixed_columns(&self, table: CheckedTable, earlier: &Self) -> Vec<&'static str> {
        let pairs: Vec<bool> = self
            .marks()
            .iter()
            .zip(earlier.marks())
            .take(table.fixed_columns())
            .map(|(mark, earlier)| mark == earlier)
            .collect();
        if !pairs.contains(&true) {
            return Vec::new();
        }
        let columns = table.columns().zip(pairs);
        let changed = columns.filter(|(_, is_same)| !is_same);
        changed.map(|(name, _)| name).collect()
    }
}

impl LoggedState {
    /// The text in an event with this number.
    pub(crate) fn text(&self, number: i64) -> String {
        let Self {
            table, id, event, ..
        } = self;
        let state = match &self.state {
            Some(RowState(state)) => URL_SAFE_NO_PAD.encode(state),
            None => GONE.to_owned(),
        };
        match *event == number {
            true => format!("{}:{id}:{state}", table.label()),
            false => format!("{}:{id}:{state}:{event}", table.label()),
        }
    }

    /// The states in the text of the event with this number. Those of tables of a later version are left out.
    pub fn list(number: i64, text: &str) -> impl Iterator<Item = Self> {
        text.split(' ').filter_map(move |entry| {
            let mut parts = entry.split(':');
            let (table, id, state) = (parts.next()?, parts.next()?, parts.next()?);
            let event = match parts.next() {
                Some(event) => event.parse().ok()?,
                None => number,
            };
            let state = match state {
                GONE => None,
                state => Some(RowState(URL_SAFE_NO_PAD.decode(state).ok()?)),
            };
            Some(Self {
                table: CheckedTable::from_label(table)?,
                id: id.to_owned(),
                event,
                state,
            })
        })
    }
}
