//! Table `token`: user API access tokens. `token_list` has the list of all users' tokens.

use domain::{
    identity::credential::TokenKind,
    platform::{
        id::{Id, OrganizationId, SessionId, TokenId, UserId},
        timestamp::Timestamp,
        visible::folded,
    },
    tokens::token::{EndReason, LastUse, Token, TokenDigest},
};

use crate::{
    audit::Write,
    identity::member::Member,
    platform::{
        CheckedTable, Column, Conn, Housekeeping, Sql, StoreError, Stored, Value, over_rows,
        statements, values,
    },
};

/// The columns of a [`TokenColumns`], each after a prefix.
macro_rules! columns {
    ($prefix:literal) => {
        concat!(
            $prefix,
            "id, ",
            $prefix,
            "organization_id, ",
            $prefix,
            "user_id, ",
            $prefix,
            "session_id, ",
            $prefix,
            "kind, ",
            $prefix,
            "name, ",
            $prefix,
            "prefix, ",
            $prefix,
            "last4, ",
            $prefix,
            "created_at, ",
            $prefix,
            "expires_at, ",
            $prefix,
            "ended_at, ",
            $prefix,
            "end_reason, ",
            $prefix,
            "created_address, ",
            $prefix,
            "created_client, ",
            $prefix,
            "last_used_at, ",
            $prefix,
            "last_used_address, ",
            $prefix,
            "last_used_client"
        )
    };
}

pub(crate) use columns;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(""), " FROM token ", $rest)
    };
}

statements! {
    const FIND: Sql = select!("WHERE id = $1");
    const FIND_BY_DIGEST: Sql = select!("WHERE digest = $1");
    const LIST_OF_USER: Sql = select!(
        "WHERE user_id = $1 AND (ended_at IS NULL OR ended_at > $2) AND expires_at > $2 \
         ORDER BY created_at DESC, id LIMIT $3"
    );
    const LIST_OF_ORGANIZATION: Sql = select!(
        "WHERE organization_id = $1 AND (ended_at IS NULL OR ended_at > $2) AND expires_at > $2 \
         ORDER BY created_at DESC, id LIMIT $3"
    );
    const LIST_LIVE_OF_USER: Sql =
        select!("WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id");
    const LIST_LIVE_OF_SESSION: Sql =
        select!("WHERE session_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id");
    const COUNT_LIVE: Sql = "SELECT COUNT(*) FROM token WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2";
    const INSERT: Sql = "INSERT INTO token (id, organization_id, user_id, session_id, kind, name, digest, prefix, \
        last4, created_at, expires_at, created_address, created_client, name_folded) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    const END: Sql = "UPDATE token SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL";
    /// Rows: the id of the token.
    const END_MANY: Sql = over_rows!(
        "UPDATE token SET ended_at = $2, end_reason = $3 WHERE ended_at IS NULL AND id IN (SELECT given.value ->> 0 FROM",
        ")"
    );
    const REVEAL: Sql = "UPDATE token SET revealed_at = $2 WHERE id = $1 AND revealed_at IS NULL";
}

/// A token to be stored.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The token.
    pub token: Token,
    /// The SHA-256 of its secret.
    pub digest: TokenDigest,
}

/// A token that was found by the digest of its secret, with its owner.
#[derive(Debug, Clone)]
pub struct TokenCredential {
    /// The token.
    pub token: Token,
    /// Its owner.
    pub member: Member,
}

#[derive(sqlx::FromRow)]
pub(crate) struct TokenColumns {
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

const fn column(name: &'static str) -> Column {
    Column("token", name)
}

impl Stored for Token {
    type Row = TokenColumns;

    fn from_row(row: TokenColumns) -> Result<Self, StoreError> {
        let session_id = row.session_id.map(|id| column("session_id").id(&id));
        Ok(Self {
            id: TokenId(column("id").id(&row.id)?),
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            user_id: UserId(column("user_id").id(&row.user_id)?),
            kind: column("kind").required(TokenKind::from_label(&row.kind))?,
            name: row.name,
            prefix: row.prefix,
            last4: row.last4,
            session_id: session_id.transpose()?.map(SessionId),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            ended: ended(row.ended_at, row.end_reason.as_deref())?,
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

fn ended(
    at: Option<i64>,
    reason: Option<&str>,
) -> Result<Option<(Timestamp, EndReason)>, StoreError> {
    let Some(at) = at else { return Ok(None) };
    let reason = column("end_reason").required(reason.and_then(EndReason::from_label))?;
    Ok(Some((Timestamp::from_micros(at), reason)))
}

impl Conn {
    /// The token with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_token(&mut self, id: TokenId) -> Result<Option<Token>, StoreError> {
        self.find(FIND, values![id]).await
    }

    /// The token whose secret has this digest, live or not, with its owner.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_token_credential(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<TokenCredential>, StoreError> {
        let values = values![digest.0.as_slice()];
        let Some(token) = self.find::<Token>(FIND_BY_DIGEST, values).await? else {
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
        self.list(LIST_OF_USER, values![user_id, since, limit])
            .await
    }

    /// The tokens of all users that had not ended by `since`, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_tokens_of_organization(
        &mut self,
        organization_id: OrganizationId,
        since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Token>, StoreError> {
        let values = values![organization_id, since, limit];
        self.list(LIST_OF_ORGANIZATION, values).await
    }

    /// A user's tokens that are neither ended nor expired at `now`, without a limit: an operation ends them all.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_live_tokens_of_user(
        &mut self,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<Vec<Token>, StoreError> {
        self.list(LIST_LIVE_OF_USER, values![user_id, now]).await
    }

    /// The tokens issued in a session that are neither ended nor expired at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_live_tokens_of_session(
        &mut self,
        session_id: SessionId,
        now: Timestamp,
    ) -> Result<Vec<Token>, StoreError> {
        self.list(LIST_LIVE_OF_SESSION, values![session_id, now])
            .await
    }

    /// The number of a user's tokens that are neither ended nor expired at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_live_tokens(
        &mut self,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let (count,) = self
            .fetch_one::<(i64,)>(COUNT_LIVE, values![user_id, now])
            .await?;
        Ok(count)
    }
}

impl Write {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_token(&mut self, new: &NewToken) -> Result<(), StoreError> {
        let token = &new.token;
        let values = values![
            token.id,
            token.organization_id,
            token.user_id,
            token.session_id,
            token.kind.label(),
            &token.name,
            new.digest.0.as_slice(),
            &token.prefix,
            &token.last4,
            token.created_at,
            token.expires_at,
            &token.created_address,
            &token.created_client,
            folded(&token.name),
        ];
        self.touch(CheckedTable::Token, token.id);
        self.execute(INSERT, values).await.map(drop)
    }

    /// Ends a token; `false` when it had ended before.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn end_token(
        &mut self,
        id: TokenId,
        at: Timestamp,
        reason: EndReason,
    ) -> Result<bool, StoreError> {
        self.touch(CheckedTable::Token, id);
        let ended = self.execute(END, values![id, at, reason.label()]).await?;
        Ok(ended == 1)
    }

    /// Ends these tokens; those that had ended before stay as they are.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn end_tokens(
        &mut self,
        ids: &[Id],
        at: Timestamp,
        reason: EndReason,
    ) -> Result<(), StoreError> {
        for id in ids {
            self.touch(CheckedTable::Token, id);
        }
        let values = values![Value::id_rows(ids)?, at, reason.label()];
        self.execute(END_MANY, values).await.map(drop)
    }
}

impl Housekeeping {
    /// Stores that the secret of a token is shown; `false` when it was shown before.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn reveal_token(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StoreError> {
        let revealed = self.execute(REVEAL, values![id, at]).await?;
        Ok(revealed == 1)
    }
}
