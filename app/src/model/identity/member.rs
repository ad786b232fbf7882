//! Members.

use domain::{
    audit::event::AuditEvent,
    identity::{role::Role, session::ListedSession},
    platform::timestamp::Timestamp,
    tokens::token::OwnerState,
};
use serde::{Deserialize, Serialize};

use crate::model::{
    platform::list::{Choices, ListPage},
    tokens::user_token::TokenRow,
};

/// A member in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Email address.
    pub email: String,
    /// Roles, the most powerful first.
    pub roles: Vec<Role>,
    /// Whether the member can sign in and use tokens.
    pub state: OwnerState,
    /// Time at which they became a member.
    pub created_at: Timestamp,
    /// Name of the member who added them.
    pub created_by: String,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Name of the member who made it.
    pub updated_by: String,
}

impl MemberRow {
    /// Labels of the roles, separated by commas.
    #[must_use]
    pub fn role_labels(&self) -> String {
        let labels: Vec<_> = self.roles.iter().map(|role| role.label()).collect();
        labels.join(", ")
    }
}

/// An access token whose secret a member has read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadSecretRow {
    /// Id of the token.
    pub token_id: String,
    /// Name of the token.
    pub token_name: String,
    /// When they last read it.
    pub at: Timestamp,
}

/// A member on their own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberDetail {
    /// The member.
    pub row: MemberRow,
    /// Sessions that are open, or have timed out and have live tokens, newest first.
    pub sessions: Vec<ListedSession>,
    /// The newest live tokens, and the number of all.
    pub tokens: ListPage<TokenRow>,
    /// The secrets of access tokens that they have read and that have not expired, by name of the token.
    pub read_secrets: Vec<ReadSecretRow>,
    /// Ids and names of their teams.
    pub teams: Choices,
    /// Recent audit events by this member, newest first.
    pub history: Vec<AuditEvent>,
}
