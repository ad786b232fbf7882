//! Loads the identity of a token from the database: of its owner, or of the org token itself.

use domain::{
    audit::{
        event::{Action, ObjectType, Outcome},
        query::PageDirection,
    },
    identity::{
        actor::{Actor, Identity, OrgTokenActor, UserActor},
        credential::{CallerToken, Credential, TokenKind},
        role::Role,
    },
    ingest::datapoints_per_minute,
    platform::timestamp::Timestamp,
    tokens::{
        org_token_state::OrgTokenEnds,
        token::{self, Token, TokenDigest, TokenFamily, TokenState},
        token_end::{Revoker, TokenEnd},
    },
};
use store::{Conn, EventFilter, Member, StoreError};

use crate::tokens::cache::entry::{AuthenticatedToken, Purposes};

pub(crate) async fn user_token(
    read: &mut Conn,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<AuthenticatedToken>, StoreError> {
    let Some(found) = read.find_token_credential(digest).await? else {
        return Ok(None);
    };
    let token = found.token;
    let end = token::end_at(token.expires_at, token.ended, found.member.ends(), now);
    let end = match end {
        None => None,
        Some((at, state)) => {
            let by = match state {
                TokenState::Revoked => revoker(read, &token).await?,
                TokenState::Active
                | TokenState::Expired
                | TokenState::LoggedOut
                | TokenState::Disabled
                | TokenState::Rotated
                | TokenState::Deleted => None,
            };
            Some(TokenEnd { at, state, by })
        }
    };
    let credential = Credential {
        id: token.id.0,
        kind: token.kind,
        name: token.name,
        last4: token.last4,
    };
    let data = CallerToken {
        created_at: token.created_at,
        expires_at: token.expires_at,
    };
    let identity = Identity {
        token: Some(data),
        ..user_identity(read, &found.member, Some(credential)).await?
    };
    // A dead token gives no access, but its identity is known.
    let purposes = Purposes {
        calls: end.is_none(),
        sends: false,
        exports: false,
    };
    let authenticated =
        AuthenticatedToken::new(TokenFamily::User, identity, token.expires_at, purposes, now);
    Ok(Some(authenticated.with_end(end)))
}

/// Who revoked the token, by the newest event about it.
async fn revoker(read: &mut Conn, token: &Token) -> Result<Option<Revoker>, StoreError> {
    let filter = EventFilter {
        object_type: Some(ObjectType::Token),
        object_id: Some(token.id.0),
        outcome: Some(Outcome::Done),
        ..EventFilter::all(token.organization_id)
    };
    let newest = read
        .list_events(&filter, PageDirection::NEWEST, 1)
        .await?
        .pop();
    let revoked = newest.filter(|recorded| recorded.event.action == Action::Revoke);
    Ok(revoked.map(|recorded| {
        if recorded.event.by.actor_id == token.user_id.0 {
            Revoker::Owner
        } else {
            Revoker::Administrator
        }
    }))
}

pub(crate) async fn org_token(
    read: &mut Conn,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<AuthenticatedToken>, StoreError> {
    let Some(found) = read.find_org_token_credential(digest).await? else {
        return Ok(None);
    };
    let token = found.token;
    let expires_at = token.expires_at.min(found.secret.expires_at);
    let has = |scope: &str| token.auth_scopes.iter().any(|given| given == scope);
    let ends = OrgTokenEnds {
        replaced_at: Some(found.secret.expires_at),
        ..token.ends()
    };
    let end = ends.end_at(now).map(|(at, state)| TokenEnd {
        at,
        state,
        by: None,
    });
    let is_live = end.is_none();
    let purposes = Purposes {
        calls: is_live && has("API"),
        sends: is_live && has("INGEST"),
        exports: is_live && has("AUDIT"),
    };
    let data = CallerToken {
        created_at: token.created.at,
        expires_at,
    };
    let identity = Identity {
        organization_id: token.organization_id,
        authenticated_at: None,
        token: Some(data),
        actor: Actor::OrgToken(OrgTokenActor {
            id: token.id,
            name: token.name.clone(),
            role: if token.role == Role::Admin {
                Role::Power
            } else {
                token.role
            },
            exports_logs: has("AUDIT"),
            datapoints_per_minute: datapoints_per_minute(&token.document),
        }),
        credential: Some(Credential {
            id: token.id,
            kind: TokenKind::Org,
            name: token.name,
            last4: found.secret.last4,
        }),
    };
    let authenticated = AuthenticatedToken::new(
        TokenFamily::Organization,
        identity,
        expires_at,
        purposes,
        now,
    );
    Ok(Some(authenticated.with_end(end)))
}

/// The member as an actor, with their current roles and teams.
pub(crate) async fn user_identity(
    read: &mut Conn,
    member: &Member,
    credential: Option<Credential>,
) -> Result<Identity, StoreError> {
    let teams = read.list_teams_of_user(member.id).await?;
    Ok(Identity {
        organization_id: member.organization_id,
        actor: Actor::User(UserActor {
            id: member.id,
            name: member.full_name.clone(),
            email: member.email.clone(),
            roles: member.roles,
            teams,
        }),
        credential,
        authenticated_at: None,
        token: None,
    })
}
