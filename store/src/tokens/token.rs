//! Table `token`: user API access tokens, by digest.

use domain::{
    identity::credential::TokenKind,
    platform::{
        id::{OrganizationId, SessionId, TokenId, UserId},
        timestamp::Timestamp,
    },
    tokens::token::{EndReason, LastUse, Token, TokenDigest},
};

use crate::{
    audit::housekeeping::Housekeeping,
    identity::member::Member,
    platform::{
        dialect::on,
        error::StoreError,
        row::Column,
        transaction::{Conn, Write},
    },
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, user_id, session_id, kind, name, prefix, last4, created_at, expires_at, ",
            "ended_at, end_reason, created_address, created_client, last_used_at, last_used_address, last_used_client ",
            "FROM token ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1");
const FIND_BY_DIGEST: &str = select!("WHERE digest = $1");
const LIST_OF_USER: &str = select!(
    "WHERE user_id = $1 AND (ended_at IS NULL OR ended_at > $2) AND expires_at > $2 \
     ORDER BY created_at DESC, id LIMIT $3"
);
const LIST_OF_ORGANIZATION: &str = select!(
    "WHERE organization_id = $1 AND (ended_at IS NULL OR ended_at > $2) AND expires_at > $2 \
     ORDER BY created_at DESC, id LIMIT $3"
);
const LIST_LIVE_OF_USER: &str = select!(
    "WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id"
);
const LIST_LIVE_OF_SESSION: &str = select!(
    "WHERE session_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id"
);
const COUNT_LIVE: &str =
    "SELECT COUNT(*) FROM token WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2";
const INSERT: &str = "INSERT INTO token (id, organization_id, user_id, session_id, kind, name, digest, prefix, last4, \
    created_at, expires_at, created_address, created_client, name_folded) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const END: &str =
    "UPDATE token SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL";
const REVEAL: &str = "UPDATE token SET revealed_at = $2 WHERE id = $1 AND revealed_at IS NULL";

/// A token to be stored: what may be shown of it, and the digest of its secret.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The token.
    pub token: Token,
    /// The SHA-256 of its secret.
    pub digest: TokenDigest,
}

/// A token found by its secret, with its owner.
#[derive(Debug, Clone)]
pub struct TokenCredential {
    /// The token.
    pub token: Token,
    /// Its owner.
    pub member: Member,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: String,
    organization_id: String,
    user_id: String,
    session_id: Option<String>,
    kind: String,
    name: String,
    prefix: String,
    last4: String,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    created_address: String,
    created_client: String,
    last_used_at: Option<i64>,
    last_used_address: String,
    last_used_client: String,
}

impl TryFrom<Row> for Token {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reason = row.end_reason.as_deref().and_then(EndReason::from_label);
        Ok(Self {
            id: TokenId(Column("token", "id").id(&row.id)?),
            organization_id: OrganizationId(
                Column("token", "organization_id").id(&row.organization_id)?,
            ),
            user_id: UserId(Column("token", "user_id").id(&row.user_id)?),
            kind: Column("token", "kind").read(TokenKind::from_label(&row.kind))?,
            name: row.name,
            prefix: row.prefix,
            last4: row.last4,
            session_id: row
                .session_id
                .map(|id| Column("token", "session_id").id(&id).map(SessionId))
                .transpose()?,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            ended: row
                .ended_at
                .map(|at| {
                    Ok::<_, StoreError>((
                        Timestamp::from_micros(at),
                        Column("token", "end_reason").read(reason)?,
                    ))
                })
                .transpose()?,
            created_address: row.created_address,
            created_client: row.created_client,
            last_used: row.last_used_at.map(|at| LastUse {
                at: Timestamp::from_micros(at),
                address: row.last_used_address,
                client: row.last_used_client,
            }),
        })
    }
}

pub(crate) fn tokens_of(rows: Vec<Row>) -> Result<Vec<Token>, StoreError> {
    rows.into_iter().map(Token::try_from).collect()
}

impl Conn {
    /// The token with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_token(&mut self, id: TokenId) -> Result<Option<Token>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND).bind(id.to_string()).fetch_optional(c).await)?
            .map(Token::try_from)
            .transpose()
    }

    /// The token whose secret has this digest, live or not, with its owner.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_token_credential(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<TokenCredential>, StoreError> {
        let row = on!(self, c => sqlx::query_as::<_, Row>(FIND_BY_DIGEST)
            .bind(digest.0.as_slice())
            .fetch_optional(c)
            .await)?;
        let Some(token) = row.map(Token::try_from).transpose()? else {
            return Ok(None);
        };
        let member = self.find_member(token.user_id).await?;
        Ok(member.map(|member| TokenCredential { token, member }))
    }

    /// A user's tokens that had not ended by `since`, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_tokens_of_user(
        &mut self,
        user_id: UserId,
        since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Token>, StoreError> {
        tokens_of(on!(self, c => sqlx::query_as::<_, Row>(LIST_OF_USER)
            .bind(user_id.to_string())
            .bind(since.as_micros())
            .bind(limit)
            .fetch_all(c)
            .await)?)
    }

    /// All users' tokens that had not ended by `since`, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_tokens_of_organization(
        &mut self,
        organization_id: OrganizationId,
        since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Token>, StoreError> {
        tokens_of(
            on!(self, c => sqlx::query_as::<_, Row>(LIST_OF_ORGANIZATION)
            .bind(organization_id.to_string())
            .bind(since.as_micros())
            .bind(limit)
            .fetch_all(c)
            .await)?,
        )
    }

    /// A user's tokens that have neither been ended nor expired at `now`: at most as many as one user may have.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_live_tokens_of_user(
        &mut self,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<Vec<Token>, StoreError> {
        tokens_of(on!(self, c => sqlx::query_as::<_, Row>(LIST_LIVE_OF_USER)
            .bind(user_id.to_string())
            .bind(now.as_micros())
            .fetch_all(c)
            .await)?)
    }

    /// The tokens generated in a session that have neither been ended nor expired at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_live_tokens_of_session(
        &mut self,
        session_id: SessionId,
        now: Timestamp,
    ) -> Result<Vec<Token>, StoreError> {
        tokens_of(
            on!(self, c => sqlx::query_as::<_, Row>(LIST_LIVE_OF_SESSION)
            .bind(session_id.to_string())
            .bind(now.as_micros())
            .fetch_all(c)
            .await)?,
        )
    }

    /// How many tokens of a user are live at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_live_tokens(
        &mut self,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        Ok(on!(self, c => sqlx::query_scalar(COUNT_LIVE)
            .bind(user_id.to_string())
            .bind(now.as_micros())
            .fetch_one(c)
            .await)?)
    }
}

impl Write {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_token(&mut self, new: &NewToken) -> Result<(), StoreError> {
        let token = &new.token;
        on!(self, c => sqlx::query(INSERT)
            .bind(token.id.to_string())
            .bind(token.organization_id.to_string())
            .bind(token.user_id.to_string())
            .bind(token.session_id.map(|id| id.to_string()))
            .bind(token.kind.label())
            .bind(&token.name)
            .bind(new.digest.0.as_slice())
            .bind(&token.prefix)
            .bind(&token.last4)
            .bind(token.created_at.as_micros())
            .bind(token.expires_at.as_micros())
            .bind(&token.created_address)
            .bind(&token.created_client)
            .bind(token.name.to_lowercase())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Ends a token; `false` when it had ended already.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn end_token(
        &mut self,
        id: TokenId,
        at: Timestamp,
        reason: EndReason,
    ) -> Result<bool, StoreError> {
        let ended = on!(self, c => sqlx::query(END)
            .bind(id.to_string())
            .bind(at.as_micros())
            .bind(reason.label())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(ended == 1)
    }
}

impl Housekeeping {
    /// Notes that a token's secret is being shown; `false` when it was shown before.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn reveal_token(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StoreError> {
        let revealed = on!(self, c => sqlx::query(REVEAL)
            .bind(id.to_string())
            .bind(at.as_micros())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(revealed == 1)
    }
}
