//! What verification of the log tree finds.

use std::fmt;

/// A deviation from the log tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TreeFinding {
    /// The start of the tree is missing or does not continue the chain of checkpoints.
    StartForged,
    /// The tree does not have the rows of this checkpoint.
    Missing(i64),
    /// The tree after this checkpoint is not that of the rows.
    Differs(i64),
    /// The tree after this checkpoint is not signed with a key of the log.
    Forged(i64),
    /// A stored hash was changed or is missing.
    HashChanged {
        /// The level of its tile.
        level: i64,
        /// Its position on the level.
        position: i64,
    },
    /// The log does not have the root hash of the given checkpoint of this size.
    GivenDiffers(i64),
    /// The log has this many leaves fewer than the given checkpoint.
    LeavesMissing(i64),
}

impl fmt::Display for TreeFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StartForged => formatter.write_str(
                "The start of the log tree is missing or does not continue the chain of checkpoints.",
            ),
            Self::Missing(number) => write!(
                formatter,
                "The log tree does not have the rows of checkpoint {number}."
            ),
            Self::Differs(number) => write!(
                formatter,
                "The log tree after checkpoint {number} is not that of the rows."
            ),
            Self::Forged(number) => write!(
                formatter,
                "The log tree after checkpoint {number} is not signed with the key of the log."
            ),
            Self::HashChanged { level, position } => write!(
                formatter,
                "The hash {position} on level {level} of the log tree was changed or is missing."
            ),
            Self::GivenDiffers(size) => write!(
                formatter,
                "The first {size} rows of the log do not have the root hash of the given checkpoint."
            ),
            Self::LeavesMissing(count) => write!(
                formatter,
                "The log has fewer rows than the given checkpoint: the newest {count} are missing."
            ),
        }
    }
}
