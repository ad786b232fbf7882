//! Table `key_handover`: changes of the key that signs checkpoints.

use domain::platform::timestamp::Timestamp;

use crate::platform::{Conn, Housekeeping, Sql, StoreError, Stored, statements, values};

statements! {
    const LIST: Sql = "SELECT number, last_seal, at, old_key, new_key, old_signature, new_signature FROM key_handover \
        WHERE number < $1 ORDER BY number DESC LIMIT $2";
    const INSERT: Sql = "INSERT INTO key_handover (number, last_seal, at, old_key, new_key, old_signature, new_signature) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
}

/// A change of the key that signs checkpoints. It is not trusted before both signatures are verified.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyHandover {
    /// Its number, from 1.
    pub number: i64,
    /// The last checkpoint that the old key signed; 0 if there was none.
    #[sqlx(rename = "last_seal")]
    pub last_checkpoint: i64,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// The Ed25519 public key that signed checkpoints before.
    pub old_key: Vec<u8>,
    /// The Ed25519 public key that signs checkpoints after it.
    pub new_key: Vec<u8>,
    /// The signature of all fields above with the old key.
    pub old_signature: Vec<u8>,
    /// The signature of the same text with the new key.
    pub new_signature: Vec<u8>,
}

impl Stored for KeyHandover {
    type Row = Self;

    fn from_row(row: Self) -> Result<Self, StoreError> {
        Ok(row)
    }
}

impl KeyHandover {
    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}

impl Conn {
    /// The changes of the key before number `before`, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_key_handovers(
        &mut self,
        before: i64,
        limit: i64,
    ) -> Result<Vec<KeyHandover>, StoreError> {
        self.list(LIST, values![before, limit]).await
    }
}

impl Housekeeping {
    /// Adds a change of the key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another process added one with this number.
    pub async fn insert_key_handover(&mut self, handover: &KeyHandover) -> Result<(), StoreError> {
        let values = values![
            handover.number,
            handover.last_checkpoint,
            handover.at,
            handover.old_key.as_slice(),
            handover.new_key.as_slice(),
            handover.old_signature.as_slice(),
            handover.new_signature.as_slice(),
        ];
        self.execute(INSERT, values).await.map(drop)
    }
}
