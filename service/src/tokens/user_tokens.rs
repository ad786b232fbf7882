//! User API access tokens: finding and listing them, and their events.

use domain::{
    audit::{
        event::{Action, AuditEvent, ObjectType},
        query::PageDirection,
    },
    identity::{actor::Caller, credential::TokenKind},
    platform::{
        id::{Id, TokenId, UserId},
        limits,
        timestamp::Timestamp,
    },
    tokens::token::{EndReason, Token, TokenDigest},
};
use store::{Conn, EventFilter, RecordedEvent, Write};

use crate::{
    audit::commit::{done, object},
    platform::error::ServiceError,
    tokens::{handle::Tokens, token_list::TokenView},
};

/// Limit on the tokens in the list of all users.
const LISTED_OF_ORGANIZATION: i64 = limits::PAGE_OBJECTS;

/// Limit on the events in the history of one token.
const LISTED_EVENTS: i64 = 200;

impl Tokens {
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
        self.uses.store().await?;
        let since = self
            .platform
            .now()
            .plus_days(-limits::ENDED_TOKEN_LISTED_DAYS);
        let mut read = self.platform.store().read().await?;
        let mut tokens = read
            .list_tokens_of_user(user_id, since, limits::PAGE_OBJECTS)
            .await?;
        tokens.retain(|token| token.organization_id == caller.organization_id());
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
            .list_events(&filter, PageDirection::NEWEST, LISTED_EVENTS)
            .await?)
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

/// Ends these live tokens. Returns the events.
pub(crate) async fn end_tokens(
    write: &mut Write,
    caller: &Caller,
    tokens: &[Token],
    now: Timestamp,
    reason: EndReason,
) -> Result<Vec<AuditEvent>, ServiceError> {
    let ids: Vec<Id> = tokens.iter().map(|token| token.id.0).collect();
    write.end_tokens(&ids, now, reason).await?;
    let events = tokens
        .iter()
        .map(|token| token_event(caller, now, Action::Revoke, token));
    Ok(events.collect())
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
