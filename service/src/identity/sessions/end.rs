//! Ending sessions and the tokens that end with them.

use domain::{
    audit::{
        event::{Action, AuditEvent, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    platform::{
        id::{SessionId, UserId},
        timestamp::Timestamp,
    },
    tokens::token::EndReason,
};
use store::{Member, Write};

use crate::{
    audit::commit::{done, object},
    platform::error::ServiceError,
    tokens::user_tokens::end_tokens,
};

/// Ends the sessions of a member except `kept`, also those that have timed out, and the tokens generated in them.
/// Returns the events.
pub(crate) async fn end_sessions(
    write: &mut Write,
    caller: &Caller,
    member: &Member,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<AuditEvent>, ServiceError> {
    let mut events = Vec::new();
    let sessions = write
        .list_sessions(member.id, now, Timestamp::from_millis(0), i64::MAX)
        .await?;
    for session in sessions {
        if Some(session.id) != kept {
            let ended = end_session(write, caller, session.id, &member.email, now).await?;
            events.extend(ended.into_iter().flatten());
        }
    }
    Ok(events)
}

/// Ends every session and every token of a member. Returns the events.
pub(crate) async fn end_all(
    write: &mut Write,
    caller: &Caller,
    member: &Member,
    now: Timestamp,
) -> Result<Vec<AuditEvent>, ServiceError> {
    let mut events = end_sessions(write, caller, member, None, now).await?;
    events.extend(revoke_tokens(write, caller, member.id, now).await?);
    Ok(events)
}

/// Revokes every token of a member. Returns the events.
pub(crate) async fn revoke_tokens(
    write: &mut Write,
    caller: &Caller,
    member: UserId,
    now: Timestamp,
) -> Result<Vec<AuditEvent>, ServiceError> {
    let tokens = write.list_live_tokens_of_user(member, now).await?;
    end_tokens(write, caller, &tokens, now, EndReason::Revoked).await
}

/// Ends a session and the tokens generated in it. Returns the events, which name the session by its member's address;
/// `None` when it had ended before.
pub(crate) async fn end_session(
    write: &mut Write,
    caller: &Caller,
    session_id: SessionId,
    email: &str,
    now: Timestamp,
) -> Result<Option<Events>, ServiceError> {
    let tokens = write.list_live_tokens_of_session(session_id, now).await?;
    if !write.end_session(session_id, now).await? {
        return Ok(None);
    }
    let session = object(ObjectType::Session, session_id, email);
    let sign_out = done(caller, now, Action::SignOut, session, Vec::new());
    let revoked = end_tokens(write, caller, &tokens, now, EndReason::LoggedOut).await?;
    Ok(Some(Events::of(sign_out, revoked)))
}
