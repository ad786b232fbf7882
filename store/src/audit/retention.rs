//! Table `retention`: the checkpoint up to which rows were removed by age, for each log; and removing rows.

use domain::platform::timestamp::Timestamp;

use crate::platform::{Conn, Housekeeping, Sql, StoreError, Value, over_rows, statements, values};

statements! {
    const FIND: Sql = "SELECT seal, at, signature, log_signature FROM retention WHERE kind = $1";
    /// The mark only moves forward: another node may have removed more.
    const PUT: Sql = "INSERT INTO retention (kind, seal, at, signature, log_signature) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (kind) DO UPDATE SET seal = excluded.seal, at = excluded.at, signature = excluded.signature, \
        log_signature = excluded.log_signature \
        WHERE retention.seal < excluded.seal";
    const RENEW: Sql = "UPDATE retention SET signature = $3 WHERE kind = $1 AND signature = $2";
    const REMOVE_EVENTS: Sql = "DELETE FROM audit_event WHERE number IN \
        (SELECT number FROM audit_event WHERE number <= $1 ORDER BY number LIMIT $2)";
    const REMOVE_BLOCKS: Sql = over_rows!(
        "DELETE FROM call_block WHERE id IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM",
        ")"
    );
}

/// A log. Each has a retention of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind {
    /// The audit log.
    Event,
    /// The call log.
    Call,
}

impl LogKind {
    /// Both logs.
    pub const ALL: [Self; 2] = [Self::Event, Self::Call];

    /// The label in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Call => "call",
        }
    }
}

/// The checkpoint up to which rows of a log were removed. It is not trusted before its signature is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The log.
    pub kind: LogKind,
    /// The newest checkpoint whose rows were removed.
    pub checkpoint: i64,
    /// When removal up to it began.
    pub at: Timestamp,
    /// The Ed25519 signature over all of the above.
    pub signature: Vec<u8>,
    /// The same by the key of the log; `None` in marks of earlier versions.
    pub log_signature: Option<Vec<u8>>,
}

impl Conn {
    /// The retention of a log; `None` when no rows were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_retention(&mut self, kind: LogKind) -> Result<Option<Retention>, StoreError> {
        let found = self
            .fetch_optional::<(i64, i64, Vec<u8>, Option<Vec<u8>>)>(FIND, values![kind.label()])
            .await?;
        let mark = |(checkpoint, at, signature, log_signature)| Retention {
            kind,
            checkpoint,
            at: Timestamp::from_micros(at),
            signature,
            log_signature,
        };
        Ok(found.map(mark))
    }
}

impl Housekeeping {
    /// Stores the retention of a log, before its rows are removed. A newer one that is stored already stays.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn put_retention(&mut self, retention: &Retention) -> Result<(), StoreError> {
        let values = values![
            retention.kind.label(),
            retention.checkpoint,
            retention.at,
            retention.signature.as_slice(),
            Value::Bytes(retention.log_signature.as_deref()),
        ];
        self.execute(PUT, values).await.map(drop)
    }

    /// Replaces the signature of the retention of a log, if it is still the same.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn renew_retention(
        &mut self,
        retention: &Retention,
        signature: &[u8],
    ) -> Result<(), StoreError> {
        let values = values![
            retention.kind.label(),
            retention.signature.as_slice(),
            signature
        ];
        self.execute(RENEW, values).await.map(drop)
    }

    /// Removes the oldest events up to number `to`, at most `limit`. Returns how many were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn remove_events(&mut self, to: i64, limit: i64) -> Result<u64, StoreError> {
        self.execute(REMOVE_EVENTS, values![to, limit]).await
    }

    /// Removes these call blocks. Returns how many were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn remove_call_blocks(&mut self, ids: &[i64]) -> Result<u64, StoreError> {
        self.execute(REMOVE_BLOCKS, values![Value::number_rows(ids)?])
            .await
    }
}
