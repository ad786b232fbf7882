//! Revoking a user token, by id, by its own secret, or all of one user.

use domain::{
    audit::event::Action,
    identity::actor::{Caller, RequestMeta},
    platform::id::{TokenId, UserId},
    tokens::token::EndReason,
};

use crate::{
    platform::error::ServiceError,
    tokens::{
        handle::Tokens,
        user_tokens::{end_tokens, token_event, visible_token},
    },
};

impl Tokens {
    /// Revokes a token: the caller's own, or that of any user for an administrator. An ended token does not change.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller must not learn that it exists.
    pub async fn revoke(&self, caller: &Caller, id: TokenId) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let token = visible_token(&mut write, caller, id).await?;
        let now = self.platform.now();
        if caller.user().is_some_and(|user| user.id != token.user_id) {
            caller.authorize_recent(now)?;
        }
        if now >= token.expires_at || !write.end_token(id, now, EndReason::Revoked).await? {
            return Ok(());
        }
        let event = token_event(caller, now, Action::Revoke, &token);
        self.audit.commit(write, event).await
    }

    /// Revokes all live tokens of a user. Returns how many were live.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn revoke_all_of_user(
        &self,
        caller: &Caller,
        user_id: UserId,
    ) -> Result<usize, ServiceError> {
        caller.authorize_administrator()?;
        let now = self.platform.now();
        caller.authorize_recent(now)?;
        let mut write = self.platform.store().write().await?;
        let mut tokens = write.list_live_tokens_of_user(user_id, now).await?;
        tokens.retain(|token| caller.may_manage(token.organization_id, token.user_id));
        let events = end_tokens(&mut write, caller, &tokens, now, EndReason::Revoked).await?;
        let revoked = events.len();
        self.audit.commit_changes(write, events).await?;
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
        let authenticated = self.authenticate(secret, request).await;
        let caller = authenticated.map_err(|error| {
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
