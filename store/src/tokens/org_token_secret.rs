//! Table `org_token_secret`, but for adding to it: the one that is given, the newest, what a rotation does to those before.

use domain::{
    platform::{id::Id, timestamp::Timestamp},
    tokens::token::{LastUse, TokenDigest},
};

use crate::{
    platform::{
        dialect::on,
        error::StoreError,
        row::Column,
        transaction::{Conn, Write},
    },
    tokens::org_token::OrgTokenSecret,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT digest, org_token_id, sealed, last4, created_at, expires_at, last_used_at, last_used_address, ",
            "last_used_client FROM org_token_secret ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE digest = $1");
const LIST: &str =
    select!("WHERE org_token_id = $1 ORDER BY created_at DESC, expires_at DESC, digest LIMIT $2");
/// What would run out earlier anyway still does.
const RETIRE: &str =
    "UPDATE org_token_secret SET expires_at = $2 WHERE org_token_id = $1 AND expires_at > $2";

#[derive(sqlx::FromRow)]
struct Row {
    digest: Vec<u8>,
    org_token_id: String,
    sealed: Vec<u8>,
    last4: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    last_used_address: String,
    last_used_client: String,
}

impl TryFrom<Row> for OrgTokenSecret {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let digest = row.digest.try_into().ok();
        Ok(Self {
            digest: TokenDigest(Column("org_token_secret", "digest").read(digest)?),
            sealed: row.sealed,
            last4: row.last4,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            last_used: row.last_used_at.map(|at| LastUse {
                at: Timestamp::from_micros(at),
                address: row.last_used_address,
                client: row.last_used_client,
            }),
        })
    }
}

impl Conn {
    /// The secret with this digest, live or not, and the id of its org token.
    pub(crate) async fn find_org_token_secret(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<(Id, OrgTokenSecret)>, StoreError> {
        let row = on!(self, c => sqlx::query_as::<_, Row>(FIND)
            .bind(digest.0.as_slice())
            .fetch_optional(c)
            .await)?;
        let Some(row) = row else { return Ok(None) };
        let id = Column("org_token_secret", "org_token_id").id(&row.org_token_id)?;
        Ok(Some((id, row.try_into()?)))
    }

    /// The newest secret of an org token: the one that is shown.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_org_token_secret(
        &mut self,
        id: Id,
    ) -> Result<Option<OrgTokenSecret>, StoreError> {
        Ok(self.list_org_token_secrets(id, 1).await?.pop())
    }

    /// The secrets of an org token, the newest first, dead ones too.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_org_token_secrets(
        &mut self,
        id: Id,
        limit: i64,
    ) -> Result<Vec<OrgTokenSecret>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(LIST)
            .bind(id.to_string())
            .bind(limit)
            .fetch_all(c)
            .await)?
        .into_iter()
        .map(OrgTokenSecret::try_from)
        .collect()
    }
}

impl Write {
    /// Lets the secrets an org token has run out at this moment, unless they do so before.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn retire_org_token_secrets(
        &mut self,
        id: Id,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(RETIRE)
            .bind(id.to_string())
            .bind(expires_at.as_micros())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
