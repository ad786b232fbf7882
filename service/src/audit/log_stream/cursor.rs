//! Where an export of a log continues.

use domain::{audit::query::EntryKind, platform::rejection::Rejected};

/// A position in one of the logs, in the order in which rows are added to it: nothing is ever added before a position
/// that a reader has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogCursor {
    /// After the event with this number.
    Event(i64),
    /// After this many call blocks of the checkpoint that follows this one.
    Call {
        /// The newest checkpoint whose calls come before.
        checkpoint: i64,
        /// The number of blocks of the next checkpoint that come before.
        blocks: i64,
    },
}

impl LogCursor {
    /// Before the first row.
    #[must_use]
    pub const fn start(log: EntryKind) -> Self {
        match log {
            EntryKind::Events => Self::Event(0),
            EntryKind::Calls => Self::Call {
                checkpoint: 0,
                blocks: 0,
            },
        }
    }

    /// Parses a cursor of a log: the number of an event, or what [`Self::label`] returned for calls.
    ///
    /// # Errors
    /// [`Rejected`] for any other text.
    pub fn parse(log: EntryKind, text: &str) -> Result<Self, Rejected> {
        let number = |text: &str| text.parse().ok().filter(|number: &i64| *number >= 0);
        let parsed = match log {
            EntryKind::Events => number(text).map(Self::Event),
            EntryKind::Calls => text.split_once('.').and_then(|(checkpoint, blocks)| {
                Some(Self::Call {
                    checkpoint: number(checkpoint)?,
                    blocks: number(blocks)?,
                })
            }),
        };
        let words = match log {
            EntryKind::Events => "A cursor of events is the number of an event.",
            EntryKind::Calls => "A cursor of calls is the text of a cursor line.",
        };
        parsed.ok_or_else(|| Rejected::field("cursor", words))
    }

    /// The text, as a request and a cursor line have it.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Event(number) => number.to_string(),
            Self::Call { checkpoint, blocks } => format!("{checkpoint}.{blocks}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_back_and_other_texts_are_rejected() {
        let call = LogCursor::Call {
            checkpoint: 12,
            blocks: 3,
        };
        for (log, cursor) in [
            (EntryKind::Events, LogCursor::Event(417)),
            (EntryKind::Events, LogCursor::start(EntryKind::Events)),
            (EntryKind::Calls, call),
        ] {
            assert_eq!(LogCursor::parse(log, &cursor.label()), Ok(cursor));
        }
        for text in ["", "-1", "1.2", "x", "9223372036854775808"] {
            assert!(LogCursor::parse(EntryKind::Events, text).is_err(), "{text}");
        }
        for text in ["", "1", "1.", "-1.0", "1.-2", "1.2.3"] {
            assert!(LogCursor::parse(EntryKind::Calls, text).is_err(), "{text}");
        }
    }
}
