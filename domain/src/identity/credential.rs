//! Kinds of credentials, and what is known of a credential without its secret.

use serde::{Deserialize, Serialize};

use crate::platform::{id::Id, timestamp::Timestamp};

/// The credential that a caller used, without its secret: as pages and the audit log show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The id of the token, or of the session for [`TokenKind::UiLogin`].
    pub id: Id,
    /// What kind of credential it is.
    pub kind: TokenKind,
    /// The name that the token had when it was used; empty for a token without one, for a session, and in what was
    /// stored before names were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The last four characters of its secret; empty for a session.
    pub last4: String,
}

/// How a credential was issued (docs/contract.md#token-kinds and docs/contract.md#info).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenKind {
    /// Generated on Account Settings: ends at sign-out or after 30 days.
    Ui,
    /// From `POST /v2/session`: stays valid after sign-out, ends after 30 days.
    ApiSession,
    /// A session: not an API token, but a credential too.
    UiLogin,
    /// An org token.
    Org,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Ui, Self::ApiSession, Self::UiLogin, Self::Org];

    /// The kind's label in the API and in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ui => "UI",
            Self::ApiSession => "API_SESSION",
            Self::UiLogin => "UI_LOGIN",
            Self::Org => "ORG",
        }
    }

    /// The label on pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Ui => "User token from Account Settings",
            Self::ApiSession => "User token from POST /v2/session",
            Self::UiLogin => "Signed-in browser",
            Self::Org => "Org token",
        }
    }

    /// The kind with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }
}

/// When the token of a caller begins and ends: the API returns it to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerToken {
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it expires, unless it is revoked before.
    pub expires_at: Timestamp,
}
