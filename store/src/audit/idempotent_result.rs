//! Table `idempotent_result`: the results of requests with an idempotency key. A row is written in the transaction of its
//! change.

use domain::platform::timestamp::Timestamp;

use super::Write;
use crate::platform::{Conn, Housekeeping, Sql, StoreError, statements, values};

statements! {
    const FIND: Sql = "SELECT request, result, created_at FROM idempotent_result WHERE digest = $1";
    const PUT: Sql = "INSERT INTO idempotent_result (digest, request, result, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (digest) DO UPDATE \
        SET request = excluded.request, result = excluded.result, created_at = excluded.created_at";
    const REPLACE: Sql = "UPDATE idempotent_result SET result = $2 WHERE digest = $1";
    const REMOVE: Sql = "DELETE FROM idempotent_result WHERE digest IN \
        (SELECT digest FROM idempotent_result WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";
}

/// The result of a request with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentResult {
    /// Derived from the caller, the operation and the key.
    pub digest: [u8; 32],
    /// The request, as a digest under the key.
    pub request: Vec<u8>,
    /// The result, encrypted under the key.
    pub result: Vec<u8>,
    /// The time of the first request.
    pub created_at: Timestamp,
}

impl Conn {
    /// Finds the result with this digest.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_idempotent_result(
        &mut self,
        digest: &[u8; 32],
    ) -> Result<Option<IdempotentResult>, StoreError> {
        let found = self
            .fetch_optional::<(Vec<u8>, Vec<u8>, i64)>(FIND, values![digest.as_slice()])
            .await?;
        Ok(found.map(|(request, result, created_at)| IdempotentResult {
            digest: *digest,
            request,
            result,
            created_at: Timestamp::from_micros(created_at),
        }))
    }
}

impl Write {
    /// Adds the result of a request, in place of one that is too old.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn put_idempotent_result(
        &mut self,
        result: &IdempotentResult,
    ) -> Result<(), StoreError> {
        let values = values![
            result.digest.as_slice(),
            result.request.as_slice(),
            result.result.as_slice(),
            result.created_at
        ];
        self.execute(PUT, values).await.map(drop)
    }
}

impl Housekeeping {
    /// Replaces the stored result of a request.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn replace_idempotent_result(
        &mut self,
        digest: &[u8; 32],
        result: &[u8],
    ) -> Result<(), StoreError> {
        self.execute(REPLACE, values![digest.as_slice(), result])
            .await
            .map(drop)
    }

    /// Removes the oldest results up to `until`, at most `limit`. Returns how many were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn remove_idempotent_results(
        &mut self,
        until: Timestamp,
        limit: i64,
    ) -> Result<u64, StoreError> {
        self.execute(REMOVE, values![until, limit]).await
    }
}
