//! Sessions: signed-in browsers. A token generated on Account Settings ends when its session is signed out.

use serde::{Deserialize, Serialize};

use crate::{
    identity::role::RoleSet,
    platform::{
        id::{OrganizationId, SessionId, UserId},
        limits,
        timestamp::Timestamp,
    },
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
    /// When it was created by the first sign-in.
    pub created_at: Timestamp,
    /// When the user last entered the password in this browser.
    pub authenticated_at: Timestamp,
    /// When it times out, however much it is used.
    pub expires_at: Timestamp,
    /// When it was ended: by sign-out, by "Sign out everywhere", by a password change.
    pub ended_at: Option<Timestamp>,
    /// Time of the last request; `None` before the first one was stored.
    pub last_used_at: Option<Timestamp>,
    /// Network address of the last sign-in.
    pub address: String,
    /// The browser (`User-Agent`).
    pub client: String,
}

/// The state of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionState {
    /// Its cookie is accepted.
    Open,
    /// Its cookie is not accepted until the user signs in again. The tokens generated in it stay live.
    TimedOut,
    /// It was signed out, and the tokens generated in it ended.
    Ended,
}

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedSession {
    /// The session.
    pub session: Session,
    /// Its state when it was listed.
    pub state: SessionState,
}

impl Session {
    /// The state at `now`, with the time of the last request and this idle timeout. A session is over *at* its timeout,
    /// like a token at its expiry.
    #[must_use]
    pub fn state_at(
        &self,
        now: Timestamp,
        last_use: Option<Timestamp>,
        idle_seconds: i64,
    ) -> SessionState {
        let last_active =
            last_use.map_or(self.authenticated_at, |at| at.max(self.authenticated_at));
        if self.ended_at.is_some() {
            SessionState::Ended
        } else if self.is_live(now) && now < last_active.plus_seconds(idle_seconds) {
            SessionState::Open
        } else {
            SessionState::TimedOut
        }
    }

    /// Whether it was not ended and has not reached its timeout at `now`, apart from the idle timeout: what an
    /// operation checks again that a request of the session began.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// How long sessions stay open without a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleTimeouts {
    /// Those of administrators, in seconds.
    pub of_administrators: i64,
    /// Those of other users, in seconds.
    pub of_others: i64,
}

impl Default for IdleTimeouts {
    fn default() -> Self {
        Self {
            of_administrators: limits::ADMINISTRATOR_IDLE_HOURS * 3_600,
            of_others: limits::IDLE_HOURS * 3_600,
        }
    }
}

impl IdleTimeouts {
    /// The timeout of a user with these roles, in seconds.
    #[must_use]
    pub fn of(&self, roles: RoleSet) -> i64 {
        if roles.is_admin() {
            self.of_administrators
        } else {
            self.of_others
        }
    }
}

/// When a session times out whose user signed in at `now`.
#[must_use]
pub const fn expiry_of(now: Timestamp) -> Timestamp {
    now.plus_days(limits::SESSION_LIFETIME_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::id::Id;

    const HOUR: i64 = 3_600;

    fn session() -> Session {
        let start = Timestamp::from_millis(0);
        Session {
            id: SessionId(Id::from_bits(1)),
            organization_id: OrganizationId(Id::from_bits(2)),
            user_id: UserId(Id::from_bits(3)),
            created_at: start,
            authenticated_at: start,
            expires_at: expiry_of(start),
            ended_at: None,
            last_used_at: None,
            address: String::new(),
            client: String::new(),
        }
    }

    fn check(session: &Session, hours: i64, expected: SessionState) {
        let now = Timestamp::from_millis(0).plus_seconds(hours * HOUR);
        let state = session.state_at(now, session.last_used_at, 12 * HOUR);
        assert_eq!(state, expected, "{hours} hours");
    }

    #[test]
    fn a_session_times_out_without_use() {
        let mut session = session();
        check(&session, 11, SessionState::Open);
        check(&session, 12, SessionState::TimedOut);
        session.last_used_at = Some(Timestamp::from_millis(0).plus_seconds(10 * HOUR));
        check(&session, 21, SessionState::Open);
        check(&session, 22, SessionState::TimedOut);
        session.authenticated_at = Timestamp::from_millis(0).plus_seconds(30 * HOUR);
        check(&session, 41, SessionState::Open);
        session.ended_at = Some(Timestamp::from_millis(0));
        check(&session, 11, SessionState::Ended);
    }

    #[test]
    fn a_session_times_out_although_it_is_used() {
        let mut session = session();
        let days = 24 * limits::SESSION_LIFETIME_DAYS;
        session.last_used_at = Some(Timestamp::from_millis(0).plus_seconds((days - 1) * HOUR));
        check(&session, days - 1, SessionState::Open);
        check(&session, days, SessionState::TimedOut);
    }
}
