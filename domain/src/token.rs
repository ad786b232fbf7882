//! Tokens: the shape of a secret's text, its two families, and the one function that decides whether a token is live.
//!
//! A secret is a prefix (`csu_` for a user's, `cso_` for an organization's), thirty base62 characters of chance and
//! six of checksum (CRC-32 of all before them), so that a typing slip or a leaked half is refused without asking the
//! database, and scanners can recognise a leak (`design.md` section 4). Clients treat it as opaque (contract 1.4).

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    id::{OrganizationId, SessionId, TokenId, UserId},
    limits,
    timestamp::Timestamp,
};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX_LENGTH: usize = 4;
const RANDOM_LENGTH: usize = 30;
const CHECKSUM_LENGTH: usize = 6;

/// Length of a secret's text, in characters.
pub const SECRET_LENGTH: usize = PREFIX_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH;

/// How many characters from the start of a secret may be shown to recognise it.
pub const VISIBLE_PREFIX_LENGTH: usize = 8;

/// Which family a secret belongs to; its prefix says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenFamily {
    /// A user API access token.
    User,
    /// An org token: sends data, or calls the API as the organization.
    Organization,
}

impl TokenFamily {
    /// The four characters every secret of the family starts with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::User => "csu_",
            Self::Organization => "cso_",
        }
    }
}

/// The text is not a secret: wrong length, prefix, alphabet or checksum. It says no more, for it may be half a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a token")]
pub struct SecretRefused;

/// A token's text. Shown once, never stored, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct TokenSecret(String);

impl TokenSecret {
    /// Makes the secret of this family from chance. Bytes outside the alphabet's range are skipped, so that each
    /// character is equally likely; `None` when that left fewer than thirty: bring more bytes.
    #[must_use]
    pub fn from_random(family: TokenFamily, random: &[u8]) -> Option<Self> {
        // 248 is the largest multiple of 62 in a byte.
        let characters: Vec<u8> = random
            .iter()
            .filter(|byte| **byte < 248)
            .map(|byte| ALPHABET[usize::from(*byte) % 62])
            .take(RANDOM_LENGTH)
            .collect();
        let random = std::str::from_utf8(&characters)
            .ok()
            .filter(|text| text.len() == RANDOM_LENGTH)?;
        let body = format!("{}{random}", family.prefix());
        let checksum = checksum_of(body.as_bytes());
        Some(Self(body + &String::from_utf8_lossy(&checksum)))
    }

    /// Reads a secret and tells its family.
    ///
    /// # Errors
    /// [`SecretRefused`] for any text that no secret can have.
    pub fn parse(text: &str) -> Result<(TokenFamily, Self), SecretRefused> {
        let family = family_of(text.as_bytes())?;
        Ok((family, Self(text.to_owned())))
    }

    /// The text itself, for the one answer that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The first characters, to recognise the token in a list.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0[..VISIBLE_PREFIX_LENGTH]
    }

    /// The last four characters, to tell two tokens apart.
    #[must_use]
    pub fn last4(&self) -> &str {
        &self.0[SECRET_LENGTH - 4..]
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSecret(…)")
    }
}

/// The family of a secret's text, if its shape and checksum are right. Allocates nothing: it stands before the cache.
///
/// # Errors
/// [`SecretRefused`] for any text that no secret can have.
pub fn family_of(text: &[u8]) -> Result<TokenFamily, SecretRefused> {
    if text.len() != SECRET_LENGTH || !text[PREFIX_LENGTH..].iter().all(u8::is_ascii_alphanumeric) {
        return Err(SecretRefused);
    }
    let family = match &text[..PREFIX_LENGTH] {
        b"csu_" => TokenFamily::User,
        b"cso_" => TokenFamily::Organization,
        _ => return Err(SecretRefused),
    };
    let (body, checksum) = text.split_at(SECRET_LENGTH - CHECKSUM_LENGTH);
    if checksum == checksum_of(body) {
        Ok(family)
    } else {
        Err(SecretRefused)
    }
}

fn checksum_of(body: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(body);
    let mut text = [b'0'; CHECKSUM_LENGTH];
    for place in text.iter_mut().rev() {
        *place = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    text
}

/// What is kept of a secret: its SHA-256. Computed in `service`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub [u8; 32]);

impl TokenDigest {
    /// Its first characters in hexadecimal: enough to tell refused texts apart in the record, too few to find one by.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let Self([a, b, c, d, e, f, ..]) = self;
        format!("{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}")
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenDigest(…)")
    }
}

/// How a credential came to be (contract 2.1, 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenKind {
    /// Generated on Account Settings: ends at sign-out or after 30 days.
    Ui,
    /// Made by `POST /v2/session`: survives sign-out, ends after 30 days.
    ApiSession,
    /// The signed-in browser itself: no API token, but a credential that acts.
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

    /// The kind in words, for people.
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

/// Why a token ended before its time.
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
    /// The organization it acts in.
    pub organization_id: OrganizationId,
    /// Its owner, as whom it acts.
    pub user_id: UserId,
    /// How it came to be.
    pub kind: TokenKind,
    /// What its owner calls it.
    pub name: String,
    /// The secret's first characters.
    pub prefix: String,
    /// The secret's last four characters.
    pub last4: String,
    /// The session it was generated in, whose end ends it. `None` for one that survives sign-out.
    pub session_id: Option<SessionId>,
    /// When it was issued, to the whole millisecond.
    pub created_at: Timestamp,
    /// The instant from which it is dead; fixed when it is issued (contract 2.1).
    pub expires_at: Timestamp,
    /// When and why it ended early.
    pub ended: Option<(Timestamp, EndReason)>,
    /// From where it was made.
    pub created_address: String,
    /// By what program it was made.
    pub created_client: String,
    /// When, from where and by what program it was last used.
    pub last_used: Option<LastUse>,
}

/// The last use of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// From which network address.
    pub address: String,
    /// By which program, as it named itself.
    pub client: String,
}

/// The state a token is in at some moment (contract 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenState {
    /// It works.
    Active,
    /// Its time is over.
    Expired,
    /// Somebody revoked it.
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

    /// The state in words, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Active => "Live",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::LoggedOut => "Ended by sign-out",
            Self::Disabled => "Disabled",
            Self::Rotated => "Rotated",
            Self::Deleted => "Deleted",
        }
    }
}

/// Whether a token's owner can act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OwnerState {
    /// The owner can sign in and act.
    Active,
    /// An administrator disabled the owner.
    Disabled,
    /// The owner was removed from the organization.
    Removed,
}

/// The one decision on a token's liveness: what it is at `now`. Live is [`TokenState::Active`] and nothing else.
///
/// A token is dead *at* its expiry instant (`design.md` section 4). What ended it first is what is told.
#[must_use]
pub fn state_at(
    expires_at: Timestamp,
    ended: Option<(Timestamp, EndReason)>,
    owner: OwnerState,
    now: Timestamp,
) -> TokenState {
    match (ended, owner) {
        (Some((ended_at, EndReason::Revoked)), _) if ended_at < expires_at => TokenState::Revoked,
        (Some((ended_at, EndReason::LoggedOut)), _) if ended_at < expires_at => {
            TokenState::LoggedOut
        }
        (Some(_), _) => TokenState::Expired,
        (None, _) if now >= expires_at => TokenState::Expired,
        (None, OwnerState::Removed) => TokenState::Deleted,
        (None, OwnerState::Disabled) => TokenState::Disabled,
        (None, OwnerState::Active) => TokenState::Active,
    }
}

/// The instant at which a token issued at `created_at` dies: 30 days later, exactly (contract 2.1).
#[must_use]
pub const fn expiry_of(created_at: Timestamp) -> Timestamp {
    created_at.plus_days(limits::TOKEN_LIFETIME_DAYS)
}

#[cfg(test)]
mod tests;
