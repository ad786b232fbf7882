//! Rows of the logs without their MAC: others than this program inserted or changed them. A checkpoint covers a marker
//! in their place, so that the chain continues and verification names them from then on.

use store::{Checkpoint, DatabaseFault, FaultKind, HashedRow, LogKind};

use super::chain::{self, Hash};

/// Number of rows of each log that a message names.
const NAMED: usize = 10;

/// The rows of one checkpoint that have no MAC or a wrong one.
#[derive(Debug, Default)]
pub(super) struct ForgedRows {
    events: Vec<i64>,
    blocks: Vec<i64>,
}

impl ForgedRows {
    /// The hash with which a checkpoint covers a row, or the absence of one.
    pub(super) fn leaf(&mut self, log: LogKind, row: Option<&HashedRow>) -> Hash {
        match row {
            Some(row) if !row.has_mac => {
                match log {
                    LogKind::Event => self.events.push(row.key),
                    LogKind::Call => self.blocks.push(row.key),
                }
                chain::forged_leaf(log, row.key)
            }
            Some(_) | None => chain::leaf(row),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.events.len() + self.blocks.len()
    }

    /// What operators have to confirm; `None` when there are no such rows.
    pub(super) fn fault(&self, checkpoint: &Checkpoint) -> Option<DatabaseFault> {
        let named = [("events", &self.events), ("blocks of calls", &self.blocks)]
            .into_iter()
            .filter_map(|(what, keys)| Some(format!("{what} {}", list(keys)?)));
        let named: Vec<String> = named.collect();
        (self.count() > 0).then(|| DatabaseFault {
            at: checkpoint.at,
            kind: FaultKind::ForgedRows,
            detail: format!(
                "Rows were inserted or changed by others than Countersign. Checkpoint {} does not confirm them: {}.",
                checkpoint.number,
                named.join(", ")
            ),
        })
    }
}

/// The first of these keys, and how many more there are.
fn list(keys: &[i64]) -> Option<String> {
    let named: Vec<String> = keys.iter().take(NAMED).map(i64::to_string).collect();
    let more = keys.len() - named.len();
    match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(named.join(", ")),
        (false, more) => Some(format!("{} and {more} more", named.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn the_first_ten_rows_are_named() {
        assert_eq!(list(&[]), None);
        assert_eq!(list(&[5, 6]).as_deref(), Some("5, 6"));
        let many: Vec<i64> = (1..=12).collect();
        let expected = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more";
        assert_eq!(list(&many).as_deref(), Some(expected));
    }
}
