//! User tokens, and whether one is live. `org_token_state` decides this for org tokens.

mod secret;

use serde::{Deserialize, Serialize};

use crate::{
    identity::credential::TokenKind,
    platform::{
        id::{OrganizationId, SessionId, TokenId, UserId},
        limits,
        timestamp::Timestamp,
    },
};

pub use self::secret::{
    InvalidSecret, SECRET_LENGTH, TokenDigest, TokenFamily, TokenSecret, VISIBLE_PREFIX_LENGTH,
    family_of,
};

/// Why a token ended before it expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndReason {
    /// Its owner or an administrator revoked it.
    Revoked,
    /// The session it was generated in ended.
    LoggedOut,
}

impl EndReason {
    /// The reason's label in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Revoked => "REVOKED",
            Self::LoggedOut => "LOGGED_OUT",
        }
    }

    /// The reason with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Revoked, Self::LoggedOut]
            .into_iter()
            .find(|reason| reason.label() == label)
    }
}

/// A user API access token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Its owner.
    pub user_id: UserId,
    /// How it was issued.
    pub kind: TokenKind,
    /// Its name.
    pub name: String,
    /// The secret's first characters.
    pub prefix: String,
    /// The secret's last four characters.
    pub last4: String,
    /// The session it was generated in, which ends it; `None` for one that outlasts sign-out.
    pub session_id: Option<SessionId>,
    /// When it was issued, to the whole millisecond.
    pub created_at: Timestamp,
    /// When it expires; fixed at issue (docs/contract.md#token-kinds).
    pub expires_at: Timestamp,
    /// When and why it ended before it expired.
    pub ended: Option<(Timestamp, EndReason)>,
    /// The network address that issued it.
    pub created_address: String,
    /// The program that issued it (`User-Agent`).
    pub created_client: String,
    /// Its last use.
    pub last_used: Option<LastUse>,
}

/// The last use of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// The time.
    pub at: Timestamp,
    /// The network address.
    pub address: String,
    /// The program (`User-Agent`).
    pub client: String,
}

/// The state of a token at a time (docs/contract.md#info).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenState {
    /// Live.
    Active,
    /// It has expired.
    Expired,
    /// It was revoked.
    Revoked,
    /// The session it was generated in ended.
    LoggedOut,
    /// Its owner is disabled, or the org token is.
    Disabled,
    /// The org token has a newer secret.
    Rotated,
    /// Its owner left, or the org token was deleted.
    Deleted,
}

impl TokenState {
    /// The state's label in the API.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Expired => "EXPIRED",
            Self::Revoked => "REVOKED",
            Self::LoggedOut => "LOGGED_OUT",
            Self::Disabled => "DISABLED",
            Self::Rotated => "ROTATED",
            Self::Deleted => "DELETED",
        }
    }

    /// The state in words, for pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Active => "Live",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::LoggedOut => "Signed out",
            Self::Disabled => "Disabled",
            Self::Rotated => "Rotated",
            Self::Deleted => "Deleted",
        }
    }
}

/// The state of a token's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OwnerState {
    /// The owner is active.
    Active,
    /// An administrator disabled the owner.
    Disabled,
    /// The owner was removed from the organization.
    Removed,
}

/// When the owner of a token stopped being active; `None` for what did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnerEnds {
    /// When an administrator disabled the owner.
    pub disabled_at: Option<Timestamp>,
    /// When the owner was removed from the organization.
    pub removed_at: Option<Timestamp>,
}

impl OwnerEnds {
    /// The owner does not exist, and it is unknown since when: every other cause came first.
    pub const GONE: Self = Self {
        disabled_at: None,
        removed_at: Some(Timestamp::from_micros(i64::MAX)),
    };
}

/// The state of a user token or a session at `now`. Live means [`TokenState::Active`].
///
/// A token is dead *at* its expiry (docs/contract.md#token-kinds). The first cause that ended it is the state.
#[must_use]
pub fn state_at(
    expires_at: Timestamp,
    ended: Option<(Timestamp, EndReason)>,
    owner: OwnerEnds,
    now: Timestamp,
) -> TokenState {
    let end = end_at(expires_at, ended, owner, now);
    end.map_or(TokenState::Active, |(_, state)| state)
}

/// When a user token or a session ended, and its state since; `None` for a live one.
#[must_use]
pub fn end_at(
    expires_at: Timestamp,
    ended: Option<(Timestamp, EndReason)>,
    owner: OwnerEnds,
    now: Timestamp,
) -> Option<(Timestamp, TokenState)> {
    let expired = (now >= expires_at).then_some((expires_at, TokenState::Expired));
    let ended = ended.map(|(at, reason)| match reason {
        EndReason::Revoked => (at, TokenState::Revoked),
        EndReason::LoggedOut => (at, TokenState::LoggedOut),
    });
    let disabled = owner.disabled_at.map(|at| (at, TokenState::Disabled));
    let removed = owner.removed_at.map(|at| (at, TokenState::Deleted));
    first_cause([expired, ended, disabled, removed])
}

/// The first of these causes; of two at the same time, the one that is listed first.
pub(super) fn first_cause<const N: usize>(
    causes: [Option<(Timestamp, TokenState)>; N],
) -> Option<(Timestamp, TokenState)> {
    causes.into_iter().flatten().min_by_key(|(at, _)| *at)
}

/// The expiry of a token issued at `created_at`: exactly 30 days later (docs/contract.md#token-kinds).
#[must_use]
pub const fn expiry_of(created_at: Timestamp) -> Timestamp {
    created_at.plus_days(limits::TOKEN_LIFETIME_DAYS)
}

#[cfg(test)]
mod tests;
