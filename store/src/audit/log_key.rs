//! Table `log_key`: the keys that sign checkpoints of the log tree.

use domain::platform::timestamp::Timestamp;

use super::write::Write;
use crate::platform::{Conn, Housekeeping, Sql, StoreError, Stored, statements, values};

macro_rules! columns {
    () => {
        "number, at, origin, public_key, secret, handover"
    };
}

statements! {
    const LIST: Sql = concat!("SELECT ", columns!(), " FROM log_key ORDER BY number LIMIT $1");
    const NEWEST: Sql = concat!("SELECT ", columns!(), " FROM log_key ORDER BY number DESC LIMIT 1");
    const INSERT: Sql = concat!(
        "INSERT INTO log_key (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (number) DO NOTHING"
    );
    const REPLACE_SECRET: Sql = "UPDATE log_key SET secret = $2 WHERE number = $1";
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLogKey {
    /// Its position among the keys, from 1. The newest signs.
    pub number: i64,
    /// When it was created.
    pub at: Timestamp,
    /// The name of the tree, which is also the name of each of its keys.
    pub origin: String,
    /// The public key, 32 bytes.
    pub public_key: Vec<u8>,
    /// The private key, encrypted under the master key.
    pub secret: Vec<u8>,
    /// The note with which the key before signed this one; `None` for the first.
    pub handover: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct LogKeyRow {
    number: i64,
    at: i64,
    origin: String,
    public_key: Vec<u8>,
    secret: Vec<u8>,
    handover: Option<String>,
}

impl Stored for StoredLogKey {
    type Row = LogKeyRow;

    fn from_row(row: LogKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.number,
            at: Timestamp::from_micros(row.at),
            origin: row.origin,
            public_key: row.public_key,
            secret: row.secret,
            handover: row.handover,
        })
    }
}

impl Conn {
    /// The oldest keys, by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_log_keys(&mut self, limit: i64) -> Result<Vec<StoredLogKey>, StoreError> {
        self.list(LIST, values![limit]).await
    }

    /// The key that signs; `None` before the first start of a server.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_log_key(&mut self) -> Result<Option<StoredLogKey>, StoreError> {
        self.find(NEWEST, values![]).await
    }

    async fn add_log_key(&mut self, key: &StoredLogKey) -> Result<bool, StoreError> {
        let values = values![
            key.number,
            key.at,
            key.origin.as_str(),
            key.public_key.as_slice(),
            key.secret.as_slice(),
            &key.handover,
        ];
        Ok(self.execute(INSERT, values).await? == 1)
    }
}

impl Housekeeping {
    /// Stores a key. Returns `false` when another node stored one with this number.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_log_key(&mut self, key: &StoredLogKey) -> Result<bool, StoreError> {
        self.add_log_key(key).await
    }

    /// Replaces the encrypted private key of the key with this number.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn replace_log_key_secret(
        &mut self,
        number: i64,
        secret: &[u8],
    ) -> Result<(), StoreError> {
        self.execute(REPLACE_SECRET, values![number, secret])
            .await?;
        Ok(())
    }
}

impl Write {
    /// Stores the key that follows the newest. Returns `false` when there is one with this number.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_log_key(&mut self, key: &StoredLogKey) -> Result<bool, StoreError> {
        self.add_log_key(key).await
    }
}
