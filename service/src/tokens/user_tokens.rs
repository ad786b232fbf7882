//! User API access tokens: generate, issue for a session of the API, list, revoke.

use domain::{
    audit::{
        event::{Action, AuditEvent, ObjectType},
        events::Events,
        query::PageDirection,
    },
    identity::{
        actor::{Caller, RequestMeta},
        credential::TokenKind,
        session,
    },
    platform::{
        id::{SessionId, TokenId, UserId},
        limits,
        name::Name,
        timestamp::Timestamp,
    },
    tokens::token::{self, EndReason, OwnerState, Token, TokenDigest, TokenFamily, TokenSecret},
};
use store::{Conn, EventFilter, NewToken, RecordedEvent, Write};

use crate::{
    audit::commit::{done, object},
    platform::{encryption, error::ServiceError, random},
    tokens::{handle::Tokens, token_list::TokenView},
};

/// Limit on the tokens in the list of one user: the live tokens that a user may have, and as many that ended recently.
const LISTED_OF_USER: i64 = 2 * limits::LIVE_TOKENS_PER_USER;

/// Limit on the tokens in the list of all users.
const LISTED_OF_ORGANIZATION: i64 = limits::PAGE_OBJECTS;

/// Limit on the events in the history of one token.
const LISTED_ACTS: i64 = 200;

/// A new token with its secret, which is not available later.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// The secret.
    pub secret: TokenSecret,
    /// The token.
    pub token: Token,
}

impl Tokens {
    /// Generates a token on Account Settings. It ends with the caller's session, or after 30 days; the session is
    /// kept open for as long (docs/contract.md#token-kinds).
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is not a session, [`ServiceError::Rejected`] when the name
    /// breaks a rule, [`ServiceError::Limited`] when the user has too many live tokens.
    pub async fn generate(&self, caller: &Caller, name: &str) -> Result<IssuedToken, ServiceError> {
        let session_id = caller.session_id().ok_or(ServiceError::Unauthenticated)?;
        let user = caller.user().ok_or(ServiceError::Unauthenticated)?;
        let name = token_name(name)?;
        let mut write = self.platform.store().write().await?;
        let open = write
            .find_session(session_id)
            .await?
            .is_some_and(|session| session.is_open(self.platform.now()));
        if !open {
            return Err(ServiceError::Unauthenticated);
        }
        write
            .extend_session(session_id, session::expiry_of(self.platform.now()))
            .await?;
        self.issue(
            write,
            caller,
            user.id,
            TokenKind::Ui,
            name,
            Some(session_id),
        )
        .await
    }

    /// Issues a token and commits the write.
    pub(crate) async fn issue(
        &self,
        mut write: Write,
        caller: &Caller,
        user_id: UserId,
        kind: TokenKind,
        name: String,
        session_id: Option<SessionId>,
    ) -> Result<IssuedToken, ServiceError> {
        let now = self.platform.now();
        // The owner may have been disabled or removed since the caller was authenticated.
        let owner = write
            .find_member(user_id)
            .await?
            .filter(|owner| owner.state() == OwnerState::Active);
        if owner.is_none() {
            return Err(ServiceError::Unauthenticated);
        }
        if write.count_live_tokens(user_id, now).await? >= limits::LIVE_TOKENS_PER_USER {
            return Err(too_many_tokens());
        }
        let secret = random::secret(TokenFamily::User);
        let created_at = now.to_whole_millis();
        let token = Token {
            id: TokenId(self.platform.new_id()),
            organization_id: caller.organization_id(),
            user_id,
            kind,
            name,
            prefix: secret.prefix().to_owned(),
            last4: secret.last4().to_owned(),
            session_id,
            created_at,
            expires_at: token::expiry_of(created_at),
            ended: None,
            created_address: caller.request.address.to_string(),
            created_client: caller.request.client.to_string(),
            last_used: None,
        };
        let new = NewToken {
            token,
            digest: encryption::digest(secret.reveal().as_bytes()),
        };
        write.insert_token(&new).await?;
        let event = token_event(caller, now, Action::Issue, &new.token);
        self.audit.commit(write, event).await?;
        Ok(IssuedToken {
            secret,
            token: new.token,
        })
    }

    /// Lists the tokens of the calling user, newest first; ended ones for [`limits::ENDED_TOKEN_LISTED_DAYS`].
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when the caller is not a user.
    pub async fn list_mine(&self, caller: &Caller) -> Result<Vec<TokenView>, ServiceError> {
        let user = caller.user().ok_or_else(denied)?;
        self.list_at_most(user.id, LISTED_OF_USER).await
    }

    /// Lists the tokens of all users, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn list_all(&self, caller: &Caller) -> Result<Vec<TokenView>, ServiceError> {
        caller.authorize_administrator()?;
        self.uses.store().await?;
        let since = self
            .platform
            .now()
            .plus_days(-limits::ENDED_TOKEN_LISTED_DAYS);
        let mut read = self.platform.store().read().await?;
        let tokens = read
            .list_tokens_of_organization(caller.organization_id(), since, LISTED_OF_ORGANIZATION)
            .await?;
        self.with_owners(&mut read, tokens).await
    }

    /// Lists the tokens of one user, newest first; ended ones for [`limits::ENDED_TOKEN_LISTED_DAYS`].
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn list_of_user(
        &self,
        caller: &Caller,
        user_id: UserId,
    ) -> Result<Vec<TokenView>, ServiceError> {
        caller.authorize_administrator()?;
        self.list_at_most(user_id, limits::PAGE_OBJECTS).await
    }

    async fn list_at_most(
        &self,
        user_id: UserId,
        limit: i64,
    ) -> Result<Vec<TokenView>, ServiceError> {
        self.uses.store().await?;
        let since = self
            .platform
            .now()
            .plus_days(-limits::ENDED_TOKEN_LISTED_DAYS);
        let mut read = self.platform.store().read().await?;
        let tokens = read.list_tokens_of_user(user_id, since, limit).await?;
        self.with_owners(&mut read, tokens).await
    }

    /// Finds a token: the caller's own, or that of any user for an administrator.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller must not learn that it exists.
    pub async fn find(&self, caller: &Caller, id: TokenId) -> Result<TokenView, ServiceError> {
        self.uses.store().await?;
        let mut read = self.platform.store().read().await?;
        let token = visible_token(&mut read, caller, id).await?;
        let view = self.with_owners(&mut read, vec![token]).await?.pop();
        view.ok_or_else(|| ServiceError::not_found("token"))
    }

    /// Finds the user token whose secret has this digest. Administrators find the owner of a leaked token, without
    /// sending the token itself.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn find_by_digest(
        &self,
        caller: &Caller,
        digest: &TokenDigest,
    ) -> Result<Option<TokenView>, ServiceError> {
        caller.authorize_administrator()?;
        let mut read = self.platform.store().read().await?;
        let found = read.find_token_credential(digest).await?;
        let tokens = found
            .map(|found| found.token)
            .filter(|token| token.organization_id == caller.organization_id());
        let tokens = tokens.into_iter().collect();
        Ok(self.with_owners(&mut read, tokens).await?.pop())
    }

    /// Lists the events of a token, newest first, for its owner and for administrators.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller must not learn that it exists.
    pub async fn history(
        &self,
        caller: &Caller,
        id: TokenId,
    ) -> Result<Vec<RecordedEvent>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        visible_token(&mut read, caller, id).await?;
        let filter = EventFilter {
            token_id: Some(id.0),
            ..EventFilter::all(caller.organization_id())
        };
        Ok(read
            .list_events(&filter, PageDirection::NEWEST, LISTED_ACTS)
            .await?)
    }

    /// Revokes a token: the caller's own, or that of any user for an administrator. An ended token does not change.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller must not learn that it exists.
    pub async fn revoke(&self, caller: &Caller, id: TokenId) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let token = visible_token(&mut write, caller, id).await?;
        let now = self.platform.now();
        if now >= token.expires_at || !write.end_token(id, now, EndReason::Revoked).await? {
            return Ok(());
        }
        let event = token_event(caller, now, Action::Revoke, &token);
        self.audit.commit(write, event).await
    }

    /// Revokes every live token of a user, for administrators and the command line. Returns how many were live.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for all other callers.
    pub async fn revoke_all_of_user(
        &self,
        caller: &Caller,
        user_id: UserId,
    ) -> Result<usize, ServiceError> {
        caller.authorize_administrator()?;
        let now = self.platform.now();
        let mut write = self.platform.store().write().await?;
        let mut events = Vec::new();
        for token in write.list_live_tokens_of_user(user_id, now).await? {
            write.end_token(token.id, now, EndReason::Revoked).await?;
            events.push(token_event(caller, now, Action::Revoke, &token));
        }
        let revoked = events.len();
        if let Some(events) = Events::from_list(events) {
            self.audit.commit(write, events).await?;
        }
        Ok(revoked)
    }

    /// Revokes the token with this secret: `DELETE /v2/session` (docs/contract.md#revoke-a-token).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] with `Session not found` for anything but a live user token.
    pub async fn revoke_by_secret(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<(), ServiceError> {
        let missing = || ServiceError::NotFound("Session not found".to_owned());
        let verified = self.authenticate(secret, request).await;
        let caller = verified.map_err(|error| {
            if matches!(error, ServiceError::Unauthenticated) {
                missing()
            } else {
                error
            }
        })?;
        let credential = caller
            .identity
            .credential
            .as_ref()
            .filter(|_| caller.user().is_some());
        let id = credential
            .map(|credential| TokenId(credential.id))
            .ok_or_else(missing)?;
        self.revoke(&caller, id).await
    }
}

/// The token, if the caller owns it or is an administrator of its organization.
pub(crate) async fn visible_token(
    read: &mut Conn,
    caller: &Caller,
    id: TokenId,
) -> Result<Token, ServiceError> {
    let found = read.find_token(id).await?;
    found
        .filter(|token| caller.may_manage(token.organization_id, token.user_id))
        .ok_or_else(|| ServiceError::not_found("token"))
}

/// Parses the name, which may be empty.
fn token_name(text: &str) -> Result<String, ServiceError> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    Ok(Name::parse("name", text)?.as_str().to_owned())
}

fn denied() -> ServiceError {
    ServiceError::Denied("Unauthorized request.".to_owned())
}

fn too_many_tokens() -> ServiceError {
    ServiceError::Limited {
        retry_after_seconds: 3_600,
        message: format!(
            "You have {} live tokens, which is the most a user can have. Revoke one that is not needed.",
            limits::LIVE_TOKENS_PER_USER
        ),
    }
}

/// The event of an operation on a user token.
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
