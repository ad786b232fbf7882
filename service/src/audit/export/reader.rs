//! The right of a person to go on reading an export, which may take hours.

use domain::{
    identity::{
        actor::{Actor, Caller},
        credential::{Credential, TokenKind},
    },
    platform::{
        id::{SessionId, TokenId},
        limits,
        timestamp::Timestamp,
    },
    tokens::token::{OwnerState, TokenState},
};
use store::Conn;

use crate::platform::error::ServiceError;

/// Checks that the person is an administrator still, and that their session or token has not ended, or that the org
/// token and its secret have not.
///
/// # Errors
/// [`ServiceError::Denied`] otherwise.
pub(crate) async fn check_reader(
    read: &mut Conn,
    reader: &Caller,
    now: Timestamp,
) -> Result<(), ServiceError> {
    if is_auditor(read, reader.actor()).await?
        && is_live(read, reader.identity.credential.as_ref(), now).await?
    {
        return Ok(());
    }
    let words = "The right to read the audit log ended during the export.";
    Err(ServiceError::Denied(words.to_owned()))
}

async fn is_auditor(read: &mut Conn, actor: &Actor) -> Result<bool, ServiceError> {
    let user = match actor {
        Actor::System => return Ok(true),
        // [`is_live`] reads the org token.
        Actor::OrgToken(token) => return Ok(token.exports_logs),
        Actor::User(user) => user,
    };
    let member = read.find_member(user.id).await?;
    Ok(
        member
            .is_some_and(|member| member.state() == OwnerState::Active && member.roles.is_admin()),
    )
}

async fn is_live(
    read: &mut Conn,
    credential: Option<&Credential>,
    now: Timestamp,
) -> Result<bool, ServiceError> {
    let Some(credential) = credential else {
        return Ok(true);
    };
    Ok(match credential.kind {
        TokenKind::UiLogin => {
            let session = read.find_session(SessionId(credential.id)).await?;
            session.is_some_and(|session| session.is_live(now))
        }
        TokenKind::Ui | TokenKind::ApiSession => {
            let token = read.find_token(TokenId(credential.id)).await?;
            token.is_some_and(|token| token.ended.is_none() && now < token.expires_at)
        }
        TokenKind::Org => is_live_org_token(read, credential, now).await?,
    })
}

async fn is_live_org_token(
    read: &mut Conn,
    credential: &Credential,
    now: Timestamp,
) -> Result<bool, ServiceError> {
    let Some(token) = read.find_org_token(credential.id).await? else {
        return Ok(false);
    };
    let secrets = read
        .list_org_token_secrets(token.id, limits::PAGE_OBJECTS)
        .await?;
    let mut used = secrets
        .iter()
        .filter(|secret| secret.last4 == credential.last4);
    Ok(token.ends().state_at(now) == TokenState::Active
        && used.any(|secret| now < secret.expires_at))
}
