//! Ends sessions after a change of the password, with the tokens generated in them, and on request all other tokens of
//! the member.

use domain::{
    audit::{
        event::{Action, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    platform::{id::SessionId, timestamp::Timestamp},
};
use store::{Member, Write};

use crate::{
    audit::commit::{done, object},
    identity::sessions::end::{end_sessions, revoke_tokens},
    platform::error::ServiceError,
};

/// Whether tokens that do not end with a session are revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherTokens {
    /// They stay live.
    Keep,
    /// They are revoked.
    Revoke,
}

impl OtherTokens {
    /// Revokes them, or keeps them.
    #[must_use]
    pub const fn revoked_if(revoke: bool) -> Self {
        if revoke { Self::Revoke } else { Self::Keep }
    }
}

/// The effect of a new password on sessions and tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordChange {
    /// The number of sessions that ended.
    pub ended_sessions: i64,
    /// The number of tokens that ended.
    pub ended_tokens: i64,
    /// The number of tokens that are still live.
    pub live_tokens: i64,
}

/// Ends the sessions of a member except `kept`, and the tokens that `others` selects. Returns the events, that of the
/// change first.
pub(crate) async fn end_after_change(
    write: &mut Write,
    caller: &Caller,
    member: &Member,
    kept: Option<SessionId>,
    others: OtherTokens,
    now: Timestamp,
) -> Result<(PasswordChange, Events), ServiceError> {
    let mut ended = end_sessions(write, caller, member, kept, now).await?;
    let live_tokens = match others {
        OtherTokens::Keep => write.count_live_tokens(member.id, now).await?,
        OtherTokens::Revoke => {
            ended.extend(revoke_tokens(write, caller, member.id, now).await?);
            0
        }
    };
    let count = |kind| {
        let events = ended.iter().filter(|event| event.object.kind == kind);
        i64::try_from(events.count()).unwrap_or(i64::MAX)
    };
    let change = PasswordChange {
        ended_sessions: count(ObjectType::Session),
        ended_tokens: count(ObjectType::Token),
        live_tokens,
    };
    let object = object(ObjectType::Member, member.id, &member.full_name);
    let event = done(caller, now, Action::ChangePassword, object, Vec::new());
    Ok((change, Events::of(event, ended)))
}
