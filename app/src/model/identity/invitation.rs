//! Invitations.

use domain::platform::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// An invitation as the invited person sees it before they accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    /// Organization name.
    pub organization: String,
    /// Invited email address, which becomes the sign-in name.
    pub email: String,
    /// Full name that the administrator entered; may be empty.
    pub name: String,
}

/// A pending invitation in the administrators' list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    /// Id.
    pub id: String,
    /// Invited email address.
    pub email: String,
    /// Full name; may be empty.
    pub name: String,
    /// Labels of the roles that the member will have.
    pub roles: String,
    /// Time of the invitation.
    pub created_at: Timestamp,
    /// Name of the administrator who sent it.
    pub created_by: String,
    /// Time from which the link is rejected.
    pub expires_at: Timestamp,
}
