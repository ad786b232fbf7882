//! Table `claim`: setup links. Who holds one may make the first administrator, once.

use domain::{platform::timestamp::Timestamp, tokens::token::TokenDigest};

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{
        dialect::on,
        error::StoreError,
        transaction::{Conn, Write},
    },
};

const INSERT: &str = "INSERT INTO claim (digest, created_at, expires_at) VALUES ($1, $2, $3)";
const FIND: &str = "SELECT expires_at FROM claim WHERE digest = $1";
const DELETE_ALL: &str = "DELETE FROM claim";

impl Conn {
    /// When the claim with this digest runs out; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_claim(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<Timestamp>, StoreError> {
        let expires_at = on!(self, c => sqlx::query_scalar::<_, i64>(FIND)
            .bind(digest.0.as_slice())
            .fetch_optional(c)
            .await)?;
        Ok(expires_at.map(Timestamp::from_micros))
    }
}

impl Housekeeping {
    /// Replaces every claim by a new one: only the newest link works.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn replace_claims(
        &mut self,
        digest: &TokenDigest,
        created_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(DELETE_ALL).execute(c).await.map(drop))?;
        on!(self, c => sqlx::query(INSERT)
            .bind(digest.0.as_slice())
            .bind(created_at.as_micros())
            .bind(expires_at.as_micros())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}

impl Write {
    /// Takes every claim away: one was used.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn delete_claims(&mut self) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(DELETE_ALL).execute(c).await.map(drop))?;
        Ok(())
    }
}
