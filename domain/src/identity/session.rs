//! Sessions: signed-in browsers. A token generated on Account Settings ends with its session.

use serde::{Deserialize, Serialize};

use crate::platform::{
    id::{OrganizationId, SessionId, UserId},
    limits,
    timestamp::Timestamp,
};

/// A signed-in browser, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The organization it is signed in to.
    pub organization_id: OrganizationId,
    /// The user.
    pub user_id: UserId,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When it expires. Generating a token extends it, so that the token lives its 30 days.
    pub expires_at: Timestamp,
    /// When it was ended: by sign-out, by "Sign out everywhere", by a password change.
    pub ended_at: Option<Timestamp>,
    /// Time of the last request; `None` before the first one was stored.
    pub last_used_at: Option<Timestamp>,
    /// Network address of the sign-in.
    pub address: String,
    /// The browser (`User-Agent`).
    pub client: String,
}

impl Session {
    /// Whether the session is open at `now`. It is over *at* its expiry, like a token.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// The expiry of a session that was opened, or used to generate a token, at `now`.
#[must_use]
pub const fn expiry_of(now: Timestamp) -> Timestamp {
    now.plus_days(limits::TOKEN_LIFETIME_DAYS)
}
