//! Positions in the audit log and the call log, and a page of results.

use serde::{Deserialize, Serialize};

use crate::platform::timestamp::Timestamp;

/// A position between two rows. The number orders rows of the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AuditPosition {
    /// The time.
    pub at: Timestamp,
    /// An event's number, or a request's id.
    pub number: u64,
}

impl AuditPosition {
    /// After all rows.
    pub const END: Self = Self {
        at: Timestamp::from_micros(i64::MAX),
        number: u64::MAX,
    };

    /// Before all rows of this time.
    #[must_use]
    pub const fn before(at: Timestamp) -> Self {
        Self { at, number: 0 }
    }

    /// After all rows of this time.
    #[must_use]
    pub const fn after(at: Timestamp) -> Self {
        Self {
            at,
            number: u64::MAX,
        }
    }

    /// Parses the value of a query parameter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, number) = text.split_once('.')?;
        Some(Self {
            at: Timestamp::from_micros(at.parse().ok()?),
            number: number.parse().ok()?,
        })
    }

    /// The value of a query parameter.
    #[must_use]
    pub fn label(self) -> String {
        format!("{}.{}", self.at.as_micros(), self.number)
    }
}

/// Where a page starts, and in which direction it continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PageDirection {
    /// Rows older than this position.
    Older(AuditPosition),
    /// Rows newer than this position, starting with the nearest.
    Newer(AuditPosition),
}

impl PageDirection {
    /// The newest rows.
    pub const NEWEST: Self = Self::Older(AuditPosition::END);
}

/// A page of results, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditResults<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Start of the newer rows; `None` on the newest page.
    pub newer: Option<AuditPosition>,
    /// Start of the older rows; `None` on the oldest page.
    pub older: Option<AuditPosition>,
    /// Whether the scan stopped at its limit before the page was full, so that more rows may match.
    pub gave_up: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_parse_back_and_are_ordered() {
        let at = Timestamp::from_micros(5);
        let position = AuditPosition { at, number: 7 };
        assert_eq!(AuditPosition::parse(&position.label()), Some(position));
        assert!(AuditPosition::before(at) < position && position < AuditPosition::after(at));
        assert!(AuditPosition::after(at) < AuditPosition::END);
        assert_eq!(AuditPosition::parse("5"), None);
    }
}
