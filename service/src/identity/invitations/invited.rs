//! An invitation as the operation that creates it returns it.

use domain::platform::id::{Id, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::identity::{
    invitations::mail_outcome::MailOutcome, roles::list::RoleView, setup::claim_secret::ClaimSecret,
};

/// A new invitation, with the secret of its link. Serialized only as the result of a request with an idempotency key,
/// which is encrypted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invited {
    /// The id of the member once they accept.
    pub id: Id,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The name of the organization.
    pub organization: String,
    /// Their email address.
    pub email: String,
    /// Their full name, if given.
    pub full_name: Option<String>,
    /// Their job title, if given.
    pub title: Option<String>,
    /// Their phone number, if given.
    pub phone: Option<String>,
    /// Their roles, strongest first.
    pub roles: Vec<RoleView>,
    /// The secret of the link.
    #[serde(with = "claim_text")]
    pub claim: ClaimSecret,
    /// The outcome of the mail, if an earlier request with the same idempotency key stored it.
    pub mailed: Option<MailOutcome>,
}

/// The secret as text.
mod claim_text {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::identity::setup::claim_secret::ClaimSecret;

    pub(super) fn serialize<S: Serializer>(
        claim: &ClaimSecret,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(claim.reveal())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ClaimSecret, D::Error> {
        String::deserialize(deserializer).map(ClaimSecret::from_stored)
    }
}
