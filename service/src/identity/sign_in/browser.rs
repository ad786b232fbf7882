//! The session of a browser that signs in: a new one, or the one that its cookie names.

use domain::{
    audit::{
        event::{Action, ObjectType},
        events::Events,
    },
    identity::{
        actor::Caller,
        session::{self, Session},
    },
    platform::id::SessionId,
    tokens::token::TokenFamily,
};
use store::{Member, Write};
use zeroize::Zeroizing;

use crate::{
    audit::commit::{done, object},
    identity::{
        handle::Identities, sessions::end::end_session, sign_in::failures_since::FailuresSince,
    },
    platform::{encryption, error::ServiceError, random},
};

/// The text of a session cookie. Never stored, never printed.
#[derive(Clone)]
pub struct SessionSecret(Zeroizing<String>);

impl SessionSecret {
    fn new() -> Self {
        let secret = random::secret(TokenFamily::User);
        Self(Zeroizing::new(secret.reveal()[4..].to_owned()))
    }

    /// A secret as a browser sent it.
    #[must_use]
    pub fn from_cookie(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text, for the cookie.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionSecret(…)")
    }
}

/// The outcome of a sign-in from a browser.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The text of the session cookie.
    pub cookie: SessionSecret,
    /// The session.
    pub session: Session,
    /// The text of the cookie that states that the account has signed in with the browser.
    pub browser: String,
    /// The failed sign-ins of the account from other addresses since its last sign-in.
    pub failures: Option<FailuresSince>,
}

/// A session after a sign-in, with its new cookie.
pub(super) struct OpenedSession {
    pub(super) cookie: SessionSecret,
    pub(super) session: Session,
}

impl Identities {
    /// Opens a session for a member whose password was right. If the browser has a session of the same member that was
    /// not ended, that session continues under a new cookie, so that sign-out still ends the tokens generated in it. A
    /// session of another member ends (docs/decisions/0029-timeouts-are-not-sign-outs.md). Returns the events, too.
    pub(super) async fn open_session(
        &self,
        write: &mut Write,
        caller: &Caller,
        member: &Member,
        earlier_cookie: Option<&str>,
    ) -> Result<(OpenedSession, Events), ServiceError> {
        let now = self.platform.now();
        let cookie = SessionSecret::new();
        let digest = encryption::digest(cookie.reveal().as_bytes());
        let mut ended = None;
        let mut continued = None;
        if let Some(earlier) = earlier_cookie {
            let earlier = encryption::digest(earlier.as_bytes());
            match write.find_session_credential(&earlier).await? {
                Some(found) if found.session.ended_at.is_some() => {}
                Some(found) if found.member.id == member.id => continued = Some(found.session),
                Some(found) => {
                    let (id, email) = (found.session.id, &found.member.email);
                    ended = end_session(write, caller, id, email, now).await?;
                }
                None => {}
            }
        }
        let is_new = continued.is_none();
        let session = Session {
            authenticated_at: now,
            expires_at: session::expiry_of(now),
            address: caller.request.address.to_string(),
            client: caller.request.client.to_string(),
            ..continued.unwrap_or_else(|| self.new_session(member))
        };
        if is_new {
            write.insert_session(&session, &digest).await?;
        } else {
            write.continue_session(&session, &digest).await?;
        }
        let object = object(ObjectType::Session, session.id, &member.email);
        let event = done(caller, now, Action::SignIn, object, Vec::new());
        let events = Events::of(event, ended.into_iter().flatten());
        Ok((OpenedSession { cookie, session }, events))
    }

    fn new_session(&self, member: &Member) -> Session {
        let now = self.platform.now();
        Session {
            id: SessionId(self.platform.new_id()),
            organization_id: member.organization_id,
            user_id: member.id,
            created_at: now,
            authenticated_at: now,
            expires_at: now,
            ended_at: None,
            last_used_at: None,
            address: String::new(),
            client: String::new(),
        }
    }
}
