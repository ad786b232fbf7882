//! Table `org_token_secret`, after the first secret: the newest, and what a rotation does to those before it.

use domain::{id::Id, timestamp::Timestamp, token::TokenDigest};

use crate::{
    dialect::on,
    error::StoreError,
    org_token::OrgTokenSecret,
    row::Column,
    transaction::{Conn, Write},
};

const FIND_NEWEST: &str = "SELECT digest, sealed, last4, created_at, expires_at FROM org_token_secret \
    WHERE org_token_id = $1 ORDER BY created_at DESC, expires_at DESC, digest LIMIT 1";
/// What would run out earlier anyway still does.
const RETIRE: &str =
    "UPDATE org_token_secret SET expires_at = $2 WHERE org_token_id = $1 AND expires_at > $2";

impl Conn {
    /// The newest secret of an org token: the one that is shown.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_org_token_secret(
        &mut self,
        id: Id,
    ) -> Result<Option<OrgTokenSecret>, StoreError> {
        let found = on!(self, c => sqlx::query_as::<_, (Vec<u8>, Vec<u8>, String, i64, i64)>(FIND_NEWEST)
            .bind(id.to_string())
            .fetch_optional(c)
            .await)?;
        found
            .map(|(digest, sealed, last4, created_at, expires_at)| {
                let digest = digest.try_into().ok();
                Ok(OrgTokenSecret {
                    digest: TokenDigest(Column("org_token_secret", "digest").read(digest)?),
                    sealed,
                    last4,
                    created_at: Timestamp::from_micros(created_at),
                    expires_at: Timestamp::from_micros(expires_at),
                })
            })
            .transpose()
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
