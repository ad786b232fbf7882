//! What verification of the checkpoints finds.

use std::fmt;

use crate::audit::log_tree::finding::TreeFinding;

/// A deviation from the checkpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// The retention mark was changed or not signed with the key of this installation.
    RetentionForged,
    /// The mark of the first event with a MAC is missing or was changed.
    MacStartForged,
    /// The hand-over with this number to another key of checkpoints is not signed with both keys.
    HandoverForged(i64),
    /// A checkpoint is missing.
    CheckpointMissing(i64),
    /// A checkpoint was changed or not signed with the key of this installation.
    CheckpointForged(i64),
    /// A checkpoint does not follow the one before it.
    CheckpointUnlinked(i64),
    /// A version that does not check MACs made this checkpoint after one that does.
    CheckpointWithoutMacs(i64),
    /// A checkpoint differs from the one in the file.
    CheckpointDiffersFromFile(i64),
    /// The log tree.
    Tree(TreeFinding),
    /// The event with this number is missing.
    EventMissing(i64),
    /// The event with this number was changed or swapped with another.
    EventChanged(i64),
    /// The event with this number was inserted from outside the service.
    EventInserted(i64),
    /// The event with this number was inserted or changed from outside the service before a checkpoint covered it.
    EventForged(i64),
    /// The block of calls with this id is missing.
    BlockMissing(i64),
    /// The block of calls with this id was changed or swapped with another.
    BlockChanged(i64),
    /// The block of calls with this id was inserted from outside the service.
    BlockInserted(i64),
    /// The block of calls with this id was inserted or changed from outside the service before a checkpoint covered it.
    BlockForged(i64),
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Number of verified checkpoints.
    pub checkpoints: i64,
    /// Number of verified events.
    pub events: i64,
    /// Number of verified blocks of calls.
    pub blocks: i64,
    /// Number of events that retention deleted.
    pub removed_events: i64,
    /// Number of blocks of calls that retention deleted.
    pub removed_blocks: i64,
    /// Number of events that no checkpoint covers yet.
    pub uncovered_events: i64,
    /// Number of blocks of calls that no checkpoint covers yet.
    pub uncovered_blocks: i64,
    /// The first event that was stored with a MAC; `None` before there are checkpoints of rows with MACs.
    pub mac_from: Option<i64>,
    /// Number of leaves of the log tree; 0 without a tree.
    pub leaves: i64,
    /// The newest checkpoint whose rows retention deleted according to a mark that could not be verified; 0 for none.
    pub unverified_removal: i64,
    /// All deviations.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RetentionForged => {
                formatter.write_str("The retention mark is not signed with this key.")
            }
            Self::MacStartForged => formatter
                .write_str("The mark of the first event with a MAC is missing or was changed."),
            Self::CheckpointWithoutMacs(number) => {
                write!(
                    formatter,
                    "Checkpoint {number} was made by an earlier version, which does not check MACs."
                )
            }
            Self::HandoverForged(number) => write!(
                formatter,
                "Hand-over {number} to another key of checkpoints is not signed with both keys."
            ),
            Self::CheckpointMissing(number) => write!(formatter, "Checkpoint {number} is missing."),
            Self::CheckpointForged(number) => {
                write!(
                    formatter,
                    "Checkpoint {number} was changed or not signed with this key."
                )
            }
            Self::CheckpointUnlinked(number) => {
                write!(
                    formatter,
                    "Checkpoint {number} does not follow the previous checkpoint."
                )
            }
            Self::CheckpointDiffersFromFile(number) => {
                write!(formatter, "Checkpoint {number} differs from the file.")
            }
            Self::Tree(finding) => finding.fmt(formatter),
            Self::EventMissing(number) => write!(formatter, "Event {number} is missing."),
            Self::EventChanged(number) => write!(formatter, "Event {number} was changed."),
            Self::EventInserted(number) => write!(formatter, "Event {number} was inserted."),
            Self::EventForged(number) => write!(
                formatter,
                "Event {number} was inserted or changed before its checkpoint."
            ),
            Self::BlockMissing(id) => write!(formatter, "Block of calls {id} is missing."),
            Self::BlockChanged(id) => write!(formatter, "Block of calls {id} was changed."),
            Self::BlockInserted(id) => write!(formatter, "Block of calls {id} was inserted."),
            Self::BlockForged(id) => write!(
                formatter,
                "Block of calls {id} was inserted or changed before its checkpoint."
            ),
        }
    }
}
