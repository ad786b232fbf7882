//! The outcome of the mail with the link of an invitation.

use serde::{Deserialize, Serialize};

/// The outcome of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailOutcome {
    /// No mail server is configured.
    NotConfigured,
    /// The mail server accepted it.
    Sent,
    /// The mail server did not accept it; the log has the reason.
    Failed,
}
