//! Sessions: signed-in browsers. Tokens generated on Account Settings end with the session they were generated in.

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
    /// Who signed in.
    pub user_id: UserId,
    /// When.
    pub created_at: Timestamp,
    /// The instant from which it is over. Generating a token moves it, so that the token can live its 30 days.
    pub expires_at: Timestamp,
    /// When it was ended: by sign-out, by "Sign out everywhere", by a changed password.
    pub ended_at: Option<Timestamp>,
    /// When its browser last asked for something; `None` before it first did, or for whom it was not written down yet.
    pub last_seen_at: Option<Timestamp>,
    /// From which network address it was opened.
    pub address: String,
    /// By which browser, as it named itself.
    pub client: String,
}

impl Session {
    /// Whether the session is open at `now`. Like a token it is over *at* its instant.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// The instant at which a session opened, or last used to generate a token, at `now` is over.
#[must_use]
pub const fn expiry_of(now: Timestamp) -> Timestamp {
    now.plus_days(limits::TOKEN_LIFETIME_DAYS)
}
