//! The organization's access tokens.

use domain::{
    audit::event::AuditEvent,
    platform::timestamp::Timestamp,
    tokens::token::{LastUse, TokenState},
};
use serde::{Deserialize, Serialize};

use crate::model::{objects::permissions::Allowed, platform::notice::sentence};

/// An access token in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Scopes: `INGEST`, `API`, `RUM`, `AUDIT`.
    pub scopes: Vec<String>,
    /// Title and label of its role for API calls.
    pub role: (String, String),
    /// State when the row was read.
    pub state: TokenState,
    /// Time of expiry.
    pub expires_at: Timestamp,
    /// Whether it expires within a week.
    pub expires_soon: bool,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Name of the creator.
    pub created_by: String,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Name of the member who made it.
    pub updated_by: String,
}

impl AccessTokenRow {
    /// Whether it may send data.
    #[must_use]
    pub fn sends_data(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "INGEST")
    }

    /// The scopes as a sentence.
    #[must_use]
    pub fn purposes(&self) -> String {
        let purposes: Vec<_> = self
            .scopes
            .iter()
            .map(|scope| match scope.as_str() {
                "INGEST" => "sends data".to_owned(),
                "API" => format!("calls the API as {}", self.role.1.to_lowercase()),
                "RUM" => "sends data from browsers".to_owned(),
                "AUDIT" => "exports the audit log and the call log".to_owned(),
                other => other.to_owned(),
            })
            .collect();
        sentence(&purposes.join(", "))
    }
}

/// An access token on its own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessTokenDetail {
    /// The token.
    pub row: AccessTokenRow,
    /// The newest secret, then earlier ones that still work after a rotation.
    pub secrets: Vec<SecretRow>,
    /// Whether the viewer may reveal the newest secret.
    pub may_reveal: bool,
    /// Labels and values of the limits that are set.
    pub limits: Vec<(String, i64)>,
    /// Who may see the token, besides administrators.
    pub readers: Allowed,
    /// Audit events of changes made with the token, newest first; `None` for viewers who are not administrators.
    pub history: Option<Vec<AuditEvent>>,
}

/// A secret of an access token, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRow {
    /// Last four characters.
    pub last4: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time from which the secret is rejected.
    pub expires_at: Timestamp,
    /// Last use. Address and client are empty for viewers who are not administrators.
    pub last_used: Option<LastUse>,
}
