//! Authentication: turns the text of a token into a [`Caller`].

use std::sync::Arc;

use domain::{
    identity::{
        actor::{Actor, Caller, Identity, OrgTokenActor, RequestMeta, UserActor},
        credential::{CallerToken, Credential, TokenKind},
        role::Role,
    },
    ingest::datapoints_per_minute,
    platform::timestamp::Timestamp,
    tokens::{
        org_token_state::OrgTokenEnds,
        token::{self, TokenDigest, TokenFamily, TokenState},
    },
};
use store::{Conn, Member, StoreError};

use crate::{
    platform::{encryption, error::ServiceError},
    tokens::{
        cache::{Purposes, Verified},
        handle::Tokens,
    },
};

/// A rejected credential: the error for the caller, and data for the call log, which never contains the credential
/// itself.
#[derive(Debug)]
pub struct RefusedCredential {
    /// The error for the caller.
    pub error: ServiceError,
    /// The first characters of the digest.
    pub fingerprint: String,
    /// The identity of the credential, when it is known but no longer live or may not be used here.
    pub identity: Option<Arc<Identity>>,
}

impl Tokens {
    /// Authenticates a token. A cached token costs one digest and one cache lookup; another token costs one query; a
    /// text that cannot be a token costs neither.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for anything but a live token that may call the API;
    /// [`ServiceError::Unavailable`] when the database does not answer, or has not answered for so long that this node
    /// could have missed a revocation.
    pub async fn authenticate(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<Caller, ServiceError> {
        let verified = self.authenticate_caller(secret, request).await;
        verified.map_err(|refused| refused.error)
    }

    /// Authenticates a token. For a rejected token, returns data for the call log.
    ///
    /// # Errors
    /// As [`Self::authenticate`].
    pub async fn authenticate_caller(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<Caller, RefusedCredential> {
        self.verify(secret, request, |purposes| purposes.calls)
            .await
    }

    /// Authenticates a token that ingests data, which only an org token may do (docs/contract.md#ingest).
    ///
    /// # Errors
    /// As [`Self::authenticate`].
    pub async fn authenticate_sender(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<Caller, RefusedCredential> {
        self.verify(secret, request, |purposes| purposes.sends)
            .await
    }

    async fn verify(
        &self,
        secret: &[u8],
        request: RequestMeta,
        is_good_for: impl Fn(Purposes) -> bool,
    ) -> Result<Caller, RefusedCredential> {
        let digest = encryption::digest(secret);
        let refused = |error, identity| RefusedCredential {
            error,
            fingerprint: digest.fingerprint(),
            identity,
        };
        let Ok(family) = token::family_of(secret) else {
            return Err(refused(ServiceError::Unauthenticated, None));
        };
        self.audit
            .check_lease()
            .map_err(|error| refused(error, None))?;
        let now = self.platform.now();
        let verified = match self.cache.find(&digest) {
            Some(verified) => verified,
            // Boxed, so that the futures of requests that need no load do not contain its state.
            None => Box::pin(self.load(family, &digest, now))
                .await
                .map_err(|error| refused(error, None))?,
        };
        if now >= verified.expires_at || !is_good_for(verified.purposes) {
            let identity = Arc::clone(&verified.identity);
            return Err(refused(ServiceError::Unauthenticated, Some(identity)));
        }
        verified.used(now, &request);
        Ok(Caller {
            identity: Arc::clone(&verified.identity),
            request,
        })
    }

    async fn load(
        &self,
        family: TokenFamily,
        digest: &TokenDigest,
        now: Timestamp,
    ) -> Result<Arc<Verified>, ServiceError> {
        let generation = self.cache.generation();
        let mut read = self.platform.store().read().await?;
        let verified = match family {
            TokenFamily::User => user_token(&mut read, digest, now).await?,
            TokenFamily::Organization => org_token(&mut read, digest, now).await?,
        };
        let verified = Arc::new(verified.ok_or(ServiceError::Unauthenticated)?);
        self.cache.keep(digest, Arc::clone(&verified), generation);
        Ok(verified)
    }
}

async fn user_token(
    read: &mut Conn,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<Verified>, StoreError> {
    let Some(found) = read.find_token_credential(digest).await? else {
        return Ok(None);
    };
    let token = found.token;
    let state = token::state_at(token.expires_at, token.ended, found.member.state(), now);
    let credential = Credential {
        id: token.id.0,
        kind: token.kind,
        last4: token.last4,
    };
    let facts = CallerToken {
        name: token.name,
        created_at: token.created_at,
        expires_at: token.expires_at,
    };
    let identity = Identity {
        token: Some(facts),
        ..user_identity(read, &found.member, Some(credential)).await?
    };
    // A dead token gives no access, but its identity is known.
    let purposes = Purposes {
        calls: state == TokenState::Active,
        sends: false,
    };
    Ok(Some(Verified::new(
        TokenFamily::User,
        identity,
        token.expires_at,
        purposes,
    )))
}

async fn org_token(
    read: &mut Conn,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<Verified>, StoreError> {
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
    let is_live = ends.state_at(now) == TokenState::Active;
    let purposes = Purposes {
        calls: is_live && has("API"),
        sends: is_live && has("INGEST"),
    };
    let facts = CallerToken {
        name: token.name.clone(),
        created_at: token.created.at,
        expires_at,
    };
    let identity = Identity {
        organization_id: token.organization_id,
        token: Some(facts),
        actor: Actor::OrgToken(OrgTokenActor {
            id: token.id,
            name: token.name,
            role: if token.role == Role::Admin {
                Role::Power
            } else {
                token.role
            },
            datapoints_per_minute: datapoints_per_minute(&token.document),
        }),
        credential: Some(Credential {
            id: token.id,
            kind: TokenKind::Org,
            last4: found.secret.last4,
        }),
    };
    Ok(Some(Verified::new(
        TokenFamily::Organization,
        identity,
        expires_at,
        purposes,
    )))
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
        token: None,
    })
}
