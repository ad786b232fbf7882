//! Table `org_token_secret`, after the first secret: the newest, and what a rotation does to those before it.

use domain::{id::Id, timestamp::Timestamp, token::TokenDigest};

use crate::{
    dialect::on,
    error::StoreError,
    org_token::OrgTokenSecret,
    row::Column,
    transaction::{Conn, Write},
};

const LIST: &str = "SELECT digest, sealed, last4, created_at, expires_at FROM org_token_secret \
    WHERE org_token_id = $1 ORDER BY created_at DESC, expires_at DESC, digest LIMIT $2";
/// What would run out earlier anyway still does.
const RETIRE: &str =
    "UPDATE org_token_secret SET expires_at = $2 WHERE org_token_id = $1 AND expires_at > $2";

#[derive(sqlx::FromRow)]
struct Row {
    digest: Vec<u8>,
    sealed: Vec<u8>,
    last4: String,
    created_at: i64,
    expires_at: i64,
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
        })
    }
}

impl Conn {
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
