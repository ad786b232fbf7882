//! What the comparison of rows with the audit log finds.

use std::fmt;

/// A row that is not what the audit log says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateFinding {
    /// The table.
    pub table: &'static str,
    /// The id of the row. Of a team membership: the ids of team and user with a slash between.
    pub id: String,
    /// How it deviates.
    pub deviation: StateDeviation,
}

/// How a row deviates from the audit log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateDeviation {
    /// Fields are not as they were after the newest event that changed the row.
    Changed {
        /// The columns.
        fields: Vec<&'static str>,
        /// The number of the event.
        event: i64,
    },
    /// Fields that never change were changed before this event.
    ChangedBefore {
        /// The columns.
        fields: Vec<&'static str>,
        /// The number of the event.
        event: i64,
    },
    /// The row is missing, and no event removed it.
    Removed {
        /// The number of the newest event that changed it.
        event: i64,
    },
    /// The row exists, although an event removed it.
    Returned {
        /// The number of the event.
        event: i64,
    },
    /// The row exists, and no event names it.
    Added,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StateVerdict {
    /// Number of compared rows.
    pub rows: u64,
    /// The first event with states; `None` before a server of a version with states has run: then nothing is compared.
    pub from: Option<i64>,
    /// Whether the mark of that event is missing or was changed.
    pub is_start_forged: bool,
    /// All deviations, by table and id.
    pub findings: Vec<StateFinding>,
}

impl StateVerdict {
    /// Number of deviations.
    #[must_use]
    pub fn deviations(&self) -> usize {
        self.findings.len() + usize::from(self.is_start_forged)
    }
}

impl fmt::Display for StateFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, id, .. } = self;
        match &self.deviation {
            StateDeviation::Changed { fields, event } => write!(
                formatter,
                "Row {id} of {table}: {} is not what it was after event {event}.",
                fields.join(", ")
            ),
            StateDeviation::ChangedBefore { fields, event } => write!(
                formatter,
                "Row {id} of {table}: {} was changed before event {event}.",
                fields.join(", ")
            ),
            StateDeviation::Removed { event } => write!(
                formatter,
                "Row {id} of {table} is missing. Event {event} is the last that changed it."
            ),
            StateDeviation::Returned { event } => write!(
                formatter,
                "Row {id} of {table} exists, although event {event} removed it."
            ),
            StateDeviation::Added => {
                write!(formatter, "Row {id} of {table} was added without an event.")
            }
        }
    }
}
