//! Data about the token of an audit event: its state, and when it was issued and expires.

use domain::{
    identity::credential::TokenKind,
    objects::object::Stamp,
    platform::{
        id::{Id, SessionId, TokenId},
        timestamp::Timestamp,
    },
    tokens::{
        org_token_state::OrgTokenEnds,
        token::{EndReason, OwnerEnds, TokenState, state_at},
    },
};
use store::Conn;

use crate::{audit::handle::Audit, platform::error::ServiceError};

/// The current state of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenData {
    /// Its name when it was used, or else its name now; empty for a token without one.
    pub name: String,
    /// Its state.
    pub state: TokenState,
    /// When it was issued; `None` when it no longer exists.
    pub created_at: Option<Timestamp>,
    /// When it expires or expired; `None` when it no longer exists.
    pub expires_at: Option<Timestamp>,
}

impl Audit {
    /// The current state of the credential of an event.
    pub(crate) async fn token_data(
        &self,
        read: &mut Conn,
        stamp: &Stamp,
    ) -> Result<Option<TokenData>, ServiceError> {
        let Some(credential) = &stamp.by.credential else {
            return Ok(None);
        };
        let data = match credential.kind {
            TokenKind::Ui | TokenKind::ApiSession => self.user_token(read, credential.id).await?,
            TokenKind::UiLogin => self.session(read, credential.id).await?,
            TokenKind::Org => self.org_token(read, credential.id, stamp.at).await?,
        };
        let data = data.unwrap_or_else(|| TokenData {
            name: String::new(),
            state: TokenState::Deleted,
            created_at: None,
            expires_at: None,
        });
        Ok(Some(if credential.name.is_empty() {
            data
        } else {
            TokenData {
                name: credential.name.clone(),
                ..data
            }
        }))
    }

    async fn user_token(&self, read: &mut Conn, id: Id) -> Result<Option<TokenData>, ServiceError> {
        let Some(token) = read.find_token(TokenId(id)).await? else {
            return Ok(None);
        };
        let owner = read.find_member(token.user_id).await?;
        let owner = owner.map_or(OwnerEnds::GONE, |owner| owner.ends());
        Ok(Some(TokenData {
            name: token.name,
            state: state_at(token.expires_at, token.ended, owner, self.platform.now()),
            created_at: Some(token.created_at),
            expires_at: Some(token.expires_at),
        }))
    }

    async fn session(&self, read: &mut Conn, id: Id) -> Result<Option<TokenData>, ServiceError> {
        let Some(session) = read.find_session(SessionId(id)).await? else {
            return Ok(None);
        };
        let owner = read.find_member(session.user_id).await?;
        let owner = owner.map_or(OwnerEnds::GONE, |owner| owner.ends());
        let ended = session.ended_at.map(|at| (at, EndReason::LoggedOut));
        Ok(Some(TokenData {
            name: String::new(),
            state: state_at(session.expires_at, ended, owner, self.platform.now()),
            created_at: Some(session.created_at),
            expires_at: Some(session.expires_at),
        }))
    }

    async fn org_token(
        &self,
        read: &mut Conn,
        id: Id,
        used_at: Timestamp,
    ) -> Result<Option<TokenData>, ServiceError> {
        let Some(token) = read.find_org_token(id).await? else {
            return Ok(None);
        };
        let ends = OrgTokenEnds {
            replaced_at: (used_at < token.rotated_at).then_some(token.rotated_at),
            ..token.ends()
        };
        Ok(Some(TokenData {
            name: token.name,
            state: ends.state_at(self.platform.now()),
            created_at: Some(token.created.at),
            expires_at: Some(token.expires_at),
        }))
    }
}
