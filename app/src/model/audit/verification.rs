//! What the page for auditors shows of the log tree.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The state of the log tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationView {
    /// The name of the log.
    pub origin: String,
    /// The public key.
    pub public_key: String,
    /// The newest signed checkpoint.
    pub note: String,
    /// When it was created.
    pub at: Timestamp,
    /// Number of leaves.
    pub leaves: i64,
    /// The newest event in the tree.
    pub last_event: i64,
    /// Unconfirmed changes of rows by others, each with the time at which they were found.
    pub forged: Vec<(Timestamp, String)>,
    /// The time of the request.
    pub now: Timestamp,
}
