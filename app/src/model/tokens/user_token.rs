//! User API access tokens.

use domain::{
    platform::timestamp::Timestamp,
    tokens::token::{Token, TokenState},
};
use serde::{Deserialize, Serialize};

use crate::model::{audit::log::LogRows, tokens::secret_text::SecretText};

/// A token in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// The token.
    pub token: Token,
    /// State at the time `now`.
    pub state: TokenState,
    /// Time at which the row was read.
    pub now: Timestamp,
    /// Name of the owner.
    pub owner_name: String,
    /// Email address of the owner.
    pub owner_email: String,
}

impl TokenRow {
    /// The name, or the visible characters of a token without a name.
    #[must_use]
    pub fn title(&self) -> String {
        if self.token.name.is_empty() {
            masked(&self.token.prefix, &self.token.last4)
        } else {
            self.token.name.clone()
        }
    }

    /// The secret as the page shows it while it is hidden.
    #[must_use]
    pub fn mask(&self) -> String {
        let Token { prefix, last4, .. } = &self.token;
        format!("{prefix}••••••••••••{last4}")
    }
}

#[cfg(feature = "ssr")]
impl From<service::TokenView> for TokenRow {
    fn from(view: service::TokenView) -> Self {
        Self {
            token: view.token,
            state: view.state,
            now: view.now,
            owner_name: view.owner_name,
            owner_email: view.owner_email,
        }
    }
}

/// The visible characters of a secret: prefix and last four.
#[must_use]
pub fn masked(prefix: &str, last4: &str) -> String {
    format!("{prefix}…{last4}")
}

/// A label, and text to paste that contains a secret or its mask.
pub type Snippet = (String, String);

/// A token that was just generated, with its secret. No other response carries the secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct GeneratedToken {
    /// The token.
    pub row: TokenRow,
    /// Its secret.
    pub secret: SecretText,
    /// HTML of the snippets, with the mask in place of the secret.
    pub snippets: String,
}

/// Search, filters and sort order of a list of tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TokenQuery {
    /// Text to find in names, owners and last four characters.
    pub search: String,
    /// `live`, `ended`, or empty for any.
    pub state: String,
    /// `ui`, `api`, or empty for any.
    pub kind: String,
    /// Minimum age in days.
    pub age: String,
    /// Days without use, or `never`.
    pub unused: String,
    /// Sort field, with `-` in front for descending order.
    pub sort: String,
    /// Page number; the first is 1.
    pub page: i64,
}

/// A token on its own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenDetail {
    /// The token.
    pub row: TokenRow,
    /// Origins of its calls, the most recent first.
    pub origins: Vec<TokenOrigin>,
    /// Number of calls, and how many of them were rejected.
    pub calls: (i64, i64),
    /// Time before which calls were not counted; `None` when all were.
    pub since: Option<Timestamp>,
    /// A page of its audit events or calls.
    pub rows: LogRows,
}

/// An address and program that used a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenOrigin {
    /// Network address.
    pub address: String,
    /// User agent.
    pub client: String,
    /// Time of the first call.
    pub first_at: Timestamp,
    /// Time of the last call.
    pub last_at: Timestamp,
    /// Number of calls.
    pub calls: i64,
}
