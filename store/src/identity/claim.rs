//! Table `claim`: set-up links. A link lets its holder become the first administrator, once.

use domain::{platform::timestamp::Timestamp, tokens::token::TokenDigest};

use crate::{
    audit::Write,
    platform::{Conn, Housekeeping, Sql, StoreError, statements, values},
};

statements! {
    const INSERT: Sql = "INSERT INTO claim (digest, created_at, expires_at) VALUES ($1, $2, $3)";
    const FIND: Sql = "SELECT expires_at FROM claim WHERE digest = $1";
    const DELETE_ALL: Sql = "DELETE FROM claim";
}

impl Conn {
    /// When the set-up link with this digest expires; `None` if it does not exist.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_claim(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<Timestamp>, StoreError> {
        let found = self
            .fetch_optional::<(i64,)>(FIND, values![digest.0.as_slice()])
            .await?;
        Ok(found.map(|(expires_at,)| Timestamp::from_micros(expires_at)))
    }
}

impl Housekeeping {
    /// Replaces all set-up links by a new one, so that only the newest works.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn replace_claims(
        &mut self,
        digest: &TokenDigest,
        created_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.execute(DELETE_ALL, values![]).await?;
        let values = values![digest.0.as_slice(), created_at, expires_at];
        self.execute(INSERT, values).await.map(drop)
    }
}

impl Write {
    /// Deletes all set-up links, after one was used.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn delete_claims(&mut self) -> Result<(), StoreError> {
        self.execute(DELETE_ALL, values![]).await.map(drop)
    }
}
