//! Sessions: authentication by cookie, sign-out, and changing the own password.

pub(crate) mod confirm;
pub(crate) mod end;
pub(crate) mod form_token_key;
pub(crate) mod form_tokens;
pub(crate) mod last_use;
pub(crate) mod noted_uses;
pub(crate) mod password_change;

use std::sync::Arc;

use domain::{
    identity::{
        actor::{Caller, Identity, RequestMeta},
        credential::{Credential, TokenKind},
        password::NewPassword,
        session::{ListedSession, Session, SessionState},
    },
    platform::id::{SessionId, UserId},
    tokens::token::OwnerState,
};
use store::{Conn, Write};

use crate::{
    identity::{
        handle::Identities,
        members::checks::present_member,
        sessions::{
            end::{end_all, end_session},
            password_change::{OtherTokens, PasswordChange, end_after_change},
        },
        sign_in::{check_unchanged, sign_in_caller, wrong_password},
    },
    platform::{encryption, error::ServiceError},
    tokens::authenticate::identity::user_identity,
};

/// Limit on the open sessions that are listed.
const LISTED_SESSIONS: i64 = 200;

impl Identities {
    /// The caller of a session cookie; `None` when the session is unknown, has ended or has timed out.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn authenticate_session(
        &self,
        cookie: &str,
        request: RequestMeta,
    ) -> Result<Option<Caller>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let digest = encryption::digest(cookie.as_bytes());
        let found = read.find_session_credential(&digest).await?;
        let now = self.platform.now();
        let open = found.filter(|found| {
            self.sessions.state(&found.session, &found.member) == SessionState::Open
        });
        let Some(found) = open else {
            return Ok(None);
        };
        if found.member.state() != OwnerState::Active {
            return Ok(None);
        }
        self.sessions.note(found.session.id, now);
        let credential = Credential {
            id: found.session.id.0,
            kind: TokenKind::UiLogin,
            name: String::new(),
            last4: String::new(),
        };
        let identity = Identity {
            authenticated_at: Some(found.session.authenticated_at),
            ..user_identity(&mut read, &found.member, Some(credential)).await?
        };
        Ok(Some(Caller {
            identity: Arc::new(identity),
            request,
            keyed: None,
            origin: None,
        }))
    }

    /// Ends the session of the caller and the tokens generated in it, and nothing else (docs/contract.md#token-kinds).
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is not a session.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), ServiceError> {
        let session_id = caller.session_id().ok_or(ServiceError::Unauthenticated)?;
        let write = self.platform.store().write().await?;
        let email = caller.user().map_or("", |user| user.email.as_str());
        self.end(write, caller, session_id, email).await
    }

    /// Ends the session of this cookie, which has timed out, and the tokens generated in it. A session that had ended
    /// does not change.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn sign_out_timed_out(
        &self,
        cookie: &str,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        let digest = encryption::digest(cookie.as_bytes());
        let found = self
            .platform
            .store()
            .read()
            .await?
            .find_session_credential(&digest)
            .await?;
        let Some(found) = found else {
            return Ok(());
        };
        let (id, member) = (found.session.id, found.member);
        let mut write = self.platform.store().write().await?;
        let caller = sign_in_caller(&mut write, &member, request).await?;
        self.end(write, &caller, id, &member.email).await
    }

    /// Ends all sessions and all tokens of the calling user.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when the caller is not a user.
    pub async fn sign_out_everywhere(&self, caller: &Caller) -> Result<(), ServiceError> {
        let user = caller.authorize_user()?;
        let id = user.id;
        self.end_all_of(caller, id).await
    }

    /// Ends all sessions and all tokens of a member.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Denied`] unless the caller is an
    /// administrator.
    pub async fn sign_member_out(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        self.end_all_of(caller, id).await
    }

    /// Ends a session and the tokens generated in it: one of the calling user, or of any user for an administrator. A
    /// session that has timed out is ended, too; one that had ended does not change.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller must not learn that it exists.
    pub async fn end_session(&self, caller: &Caller, id: SessionId) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let session = visible_session(&mut write, caller, id).await?;
        if caller.user().is_some_and(|user| user.id != session.user_id) {
            caller.authorize_recent(self.platform.now())?;
        }
        let member = present_member(&mut write, caller, session.user_id).await?;
        self.end(write, caller, id, &member.email).await
    }

    /// Ends a session and the tokens generated in it. One that had ended does not change.
    async fn end(
        &self,
        mut write: Write,
        caller: &Caller,
        id: SessionId,
        email: &str,
    ) -> Result<(), ServiceError> {
        let now = self.platform.now();
        match end_session(&mut write, caller, id, email, now).await? {
            Some(events) => self.audit.commit(write, events).await,
            None => Ok(()),
        }
    }

    async fn end_all_of(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let member = present_member(&mut write, caller, id).await?;
        let events = end_all(&mut write, caller, &member, self.platform.now()).await?;
        self.audit.commit_changes(write, events).await
    }

    /// Lists the sessions of the calling user that are open, or have timed out and have live tokens, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when the caller is not a user.
    pub async fn list_sessions(&self, caller: &Caller) -> Result<Vec<ListedSession>, ServiceError> {
        let id = caller.authorize_user()?.id;
        self.sessions.store().await?;
        let mut read = self.platform.store().read().await?;
        let member = present_member(&mut read, caller, id).await?;
        self.sessions
            .list(&mut read, &member, LISTED_SESSIONS)
            .await
    }

    /// Whether the session of this cookie has timed out: a sign-in continues it.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn has_timed_out(&self, cookie: &str) -> Result<bool, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let digest = encryption::digest(cookie.as_bytes());
        let found = read.find_session_credential(&digest).await?;
        Ok(found.is_some_and(|found| {
            let state = self.sessions.state(&found.session, &found.member);
            state == SessionState::TimedOut && found.member.state() == OwnerState::Active
        }))
    }

    /// Changes the calling user's password. Their other sessions end, with the tokens generated in them; the caller
    /// chooses about other tokens (docs/contract.md#token-kinds).
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the old password is wrong or the new one breaks a rule;
    /// [`ServiceError::Denied`] when the caller is not a user; [`ServiceError::Limited`] after too many wrong ones.
    pub async fn change_password(
        &self,
        caller: &Caller,
        old: &str,
        new: &str,
        others: OtherTokens,
    ) -> Result<PasswordChange, ServiceError> {
        let user = caller.authorize_user()?;
        let wrong = wrong_password("oldPassword");
        let authenticated = self
            .authenticate_password(&user.email, old, None, &caller.request)
            .await;
        let matched = authenticated.map_err(&wrong)?;
        let mut member = matched.member.clone();
        let new = NewPassword::parse(new)?;
        let hash = self
            .passwords
            .hash(&new, &[&member.full_name, &member.email])
            .await?;
        let mut write = self.platform.store().write().await?;
        let now = self.platform.now();
        let unchanged = check_unchanged(&mut write, &member).await;
        unchanged.map_err(&wrong)?;
        member.password_hash = hash;
        member.updated_at = now;
        member.updated_by = caller.actor().id();
        write.update_member(&member).await?;
        write
            .forgive_failures(&member.email, &matched.attempt.network)
            .await?;
        let kept = caller.session_id();
        let (change, events) =
            end_after_change(&mut write, caller, &member, kept, others, now).await?;
        self.audit.commit(write, events).await?;
        Ok(change)
    }
}

/// The session, if the caller opened it or is an administrator of its organization.
async fn visible_session(
    read: &mut Conn,
    caller: &Caller,
    id: SessionId,
) -> Result<Session, ServiceError> {
    let found = read.find_session(id).await?;
    found
        .filter(|session| caller.may_manage(session.organization_id, session.user_id))
        .ok_or_else(|| ServiceError::not_found("sign-in"))
}
