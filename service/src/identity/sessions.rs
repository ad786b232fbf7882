//! Sessions: signing out, here or everywhere, and changing one's password.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType},
    identity::{actor::Caller, credential::TokenKind, password::NewPassword, session::Session},
    platform::{
        id::{SessionId, UserId},
        rejection::Rejected,
        timestamp::Timestamp,
    },
    tokens::token::{EndReason, Token},
};
use store::{Conn, Member, Write};

use crate::{
    audit::commit::{done, object},
    identity::members::{check_administrator, present_member},
    open::Service,
    platform::error::ServiceError,
};

/// Open sessions listed at most: more than anybody has browsers.
const LISTED_SESSIONS: i64 = 200;

impl Service {
    /// Signs the calling browser out. The tokens generated in its session end with it, and nothing else
    /// (docs/contract.md#token-kinds).
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is no signed-in browser.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), ServiceError> {
        let session_id = caller.session_id().ok_or(ServiceError::Unauthenticated)?;
        let mut write = self.store().write().await?;
        let now = self.now();
        let email = caller.user().map_or("", |user| user.email.as_str());
        let mut events = end_session(&mut write, caller, session_id, email, now).await?;
        if events.is_empty() {
            return Ok(());
        }
        let first = events.remove(0);
        self.commit(write, first, events).await
    }

    /// Ends every session and every token of the calling user.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when the caller is not a user.
    pub async fn sign_out_everywhere(&self, caller: &Caller) -> Result<(), ServiceError> {
        let user = caller
            .user()
            .ok_or_else(|| ServiceError::Denied("Unauthorized request.".to_owned()))?;
        let id = user.id;
        self.end_all_of(caller, id).await
    }

    /// Ends every session and every token of a member.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn sign_member_out(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        check_administrator(caller)?;
        self.end_all_of(caller, id).await
    }

    /// Ends one sign-in, and the tokens generated in it: of the calling user, or anybody's for an administrator. OutcomeFilter one
    /// that is over changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, or it must not be known to the caller.
    pub async fn sign_browser_out(
        &self,
        caller: &Caller,
        id: SessionId,
    ) -> Result<(), ServiceError> {
        let mut write = self.store().write().await?;
        let session = visible_session(&mut write, caller, id).await?;
        let member = present_member(&mut write, caller, session.user_id).await?;
        let now = self.now();
        if !session.is_open(now) {
            return Ok(());
        }
        let mut events = end_session(&mut write, caller, id, &member.email, now).await?;
        let first = events.remove(0);
        self.commit(write, first, events).await
    }

    async fn end_all_of(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        let mut write = self.store().write().await?;
        let member = present_member(&mut write, caller, id).await?;
        let mut events = end_all(&mut write, caller, &member, self.now()).await?;
        if events.is_empty() {
            return Ok(());
        }
        let first = events.remove(0);
        self.commit(write, first, events).await
    }

    /// The open sessions of the calling user, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when the caller is not a user.
    pub async fn list_my_sessions(&self, caller: &Caller) -> Result<Vec<Session>, ServiceError> {
        let user = caller
            .user()
            .ok_or_else(|| ServiceError::Denied("Unauthorized request.".to_owned()))?;
        self.store_last_uses().await?;
        let mut read = self.store().read().await?;
        Ok(read
            .list_open_sessions(user.id, self.now(), LISTED_SESSIONS)
            .await?)
    }

    /// Changes the calling user's password. Their other browsers are signed out; API tokens live on, unless they were
    /// generated there (docs/contract.md#token-kinds).
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the old password is wrong or the new one breaks a rule;
    /// [`ServiceError::Denied`] when the caller is not a user; [`ServiceError::Limited`] after too many wrong ones.
    pub async fn change_password(
        &self,
        caller: &Caller,
        old: &str,
        new: &str,
    ) -> Result<(), ServiceError> {
        let user = caller
            .user()
            .ok_or_else(|| ServiceError::Denied("Unauthorized request.".to_owned()))?;
        let verified = self
            .verify_password(&user.email, old, &caller.request)
            .await;
        let member = verified.map_err(|error| {
            if matches!(error, ServiceError::SignInRefused) {
                ServiceError::Rejected(Rejected::field("oldPassword", error.to_string()))
            } else {
                error
            }
        })?;
        let new = NewPassword::parse(new, &[&member.full_name, &member.email])?;
        let hash = self.passwords().hash(new.reveal()).await?;
        let mut write = self.store().write().await?;
        let now = self.now();
        // Read again: hashing took its time, and what else was changed meanwhile shall stay.
        let mut member = present_member(&mut write, caller, member.id).await?;
        member.password_hash = hash;
        member.updated_at = now;
        member.updated_by = caller.actor().id();
        write.update_member(&member).await?;
        write.forgive_failures(&member.email).await?;
        let kept = caller.session_id();
        let ended = end_sessions(&mut write, caller, &member, kept, now).await?;
        let object = object(ObjectType::Member, member.id, &member.full_name);
        self.commit(
            write,
            done(caller, now, Action::ChangePassword, object, Vec::new()),
            ended,
        )
        .await
    }
}

/// The session, if the caller opened it or is an administrator of its organization.
async fn visible_session(
    read: &mut Conn,
    caller: &Caller,
    id: SessionId,
) -> Result<Session, ServiceError> {
    let found = read.find_session(id).await?;
    let visible = found.filter(|session| {
        session.organization_id == caller.organization_id()
            && (caller.actor().is_administrator()
                || caller.user().is_some_and(|user| user.id == session.user_id))
    });
    visible.ok_or_else(|| ServiceError::not_found("sign-in"))
}

/// Ends the open sessions of a member but the one that is kept, and the tokens generated in them; what the record says.
pub(crate) async fn end_sessions(
    write: &mut Write,
    caller: &Caller,
    member: &Member,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<AuditEvent>, ServiceError> {
    let mut events = Vec::new();
    for session in write.list_open_sessions(member.id, now, i64::MAX).await? {
        if Some(session.id) != kept {
            events.extend(end_session(write, caller, session.id, &member.email, now).await?);
        }
    }
    Ok(events)
}

/// Ends every session and every token of a member; what the record says.
pub(crate) async fn end_all(
    write: &mut Write,
    caller: &Caller,
    member: &Member,
    now: Timestamp,
) -> Result<Vec<AuditEvent>, ServiceError> {
    let mut events = end_sessions(write, caller, member, None, now).await?;
    for token in write.list_live_tokens_of_user(member.id, now).await? {
        write.end_token(token.id, now, EndReason::Revoked).await?;
        events.push(token_event(caller, now, Action::Revoke, &token));
    }
    Ok(events)
}

/// Ends a session and the tokens generated in it; what the record says about it, by the address of whose it was, and
/// nothing when it had ended before.
async fn end_session(
    write: &mut Write,
    caller: &Caller,
    session_id: SessionId,
    email: &str,
    now: Timestamp,
) -> Result<Vec<AuditEvent>, ServiceError> {
    let tokens = write.list_live_tokens_of_session(session_id, now).await?;
    if !write.end_session(session_id, now).await? {
        return Ok(Vec::new());
    }
    let mut events = vec![done(
        caller,
        now,
        Action::SignOut,
        object(ObjectType::Session, session_id, email),
        Vec::new(),
    )];
    for token in tokens {
        write.end_token(token.id, now, EndReason::LoggedOut).await?;
        events.push(token_event(caller, now, Action::Revoke, &token));
    }
    Ok(events)
}

/// What the record says about an act on a user's token.
pub(crate) fn token_event(
    caller: &Caller,
    now: Timestamp,
    action: Action,
    token: &Token,
) -> AuditEvent {
    let named = if token.name.is_empty() { "" } else { " " };
    let name = format!("{}{named}…{}", token.name, token.last4);
    debug_assert!(
        token.kind != TokenKind::Org,
        "org tokens have events of their own"
    );
    done(
        caller,
        now,
        action,
        object(ObjectType::Token, token.id, name),
        Vec::new(),
    )
}
