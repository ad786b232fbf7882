//! Table `master_key`: the key that the secrets of this database are encrypted under, by its id and a check value, and
//! the key ring. During a rotation there are two keys.
//!
//! A transaction that encrypts or computes MACs first calls [`Conn::hold_keys`]: the ring does not change until it ends,
//! and the process uses the ring of the database.

use super::{
    conn::Conn,
    dialect::{
        sql::{Sql, statements},
        value::{Value, values},
    },
    error::StoreError,
    housekeeping::Housekeeping,
    known_key::{KnownKey, KnownKeys},
};

/// The key that is the only one when no rotation runs.
const FIRST: i64 = 1;

statements! {
    const LIST: Sql = "SELECT key_id, check_value, ring FROM master_key ORDER BY position LIMIT 2";
    const INSERT: Sql = "INSERT INTO master_key (position, key_id, check_value) VALUES (1, $1, $2) \
        ON CONFLICT (position) DO NOTHING";
    const SET_CHECK: Sql = "UPDATE master_key SET check_value = $2 WHERE key_id = $1 AND check_value IS NULL";
    const RING_VERSION: Sql = "SELECT value FROM counter WHERE name = 'key_ring'";
    const NEXT_VERSION: Sql = "UPDATE counter SET value = value + 1 WHERE name = 'key_ring'";
    const REMOVE: Sql = "DELETE FROM master_key";
    const PUT: Sql = "INSERT INTO master_key (position, key_id, check_value, ring) VALUES ($1, $2, $3, $4)";
}

impl Conn {
    /// The master keys of the database.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_master_keys(&mut self) -> Result<KnownKeys, StoreError> {
        // In this order: a version that is too old is noticed, keys that are too old are not.
        let version = self.key_ring_version().await?;
        Ok(KnownKeys {
            version,
            keys: self.known_keys().await?,
        })
    }

    /// The version of the key ring.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn key_ring_version(&mut self) -> Result<i64, StoreError> {
        let (version,) = self.fetch_one::<(i64,)>(RING_VERSION, values![]).await?;
        Ok(version)
    }

    async fn known_keys(&mut self) -> Result<Vec<KnownKey>, StoreError> {
        let found = self
            .fetch_all::<(String, Option<Vec<u8>>, Option<Vec<u8>>)>(LIST, values![])
            .await?;
        let known = |(id, check_value, ring)| KnownKey {
            id,
            check_value,
            ring,
        };
        Ok(found.into_iter().map(known).collect())
    }

    /// Uses the key ring of the database if it is newer than that of this process.
    ///
    /// # Errors
    /// [`StoreError::KeyReplaced`] when this process knows no key of the database.
    pub async fn refresh_keys(&mut self) -> Result<(), StoreError> {
        let Some(used) = self.cipher().ring_version() else {
            return Ok(());
        };
        if self.key_ring_version().await? <= used {
            return Ok(());
        }
        let known = self.list_master_keys().await?;
        self.cipher().adopt(&known)
    }

    /// Uses the key ring of the database, which stays the same until the transaction ends.
    ///
    /// # Errors
    /// [`StoreError::KeyReplaced`] when this process knows no key of the database.
    pub async fn hold_keys(&mut self) -> Result<(), StoreError> {
        let Some(used) = self.cipher().ring_version() else {
            return Ok(());
        };
        let version = self.ready().await?.hold_key_ring().await?;
        if version == used {
            return Ok(());
        }
        let keys = self.known_keys().await?;
        self.cipher().adopt(&KnownKeys { version, keys })
    }

    /// Replaces the master keys. Waits for the transactions that hold the key ring.
    pub(crate) async fn replace_master_keys(
        &mut self,
        keys: &[KnownKey],
    ) -> Result<(), StoreError> {
        self.execute(NEXT_VERSION, values![]).await?;
        self.execute(REMOVE, values![]).await?;
        for (position, key) in (FIRST..).zip(keys) {
            let values = values![
                position,
                &key.id,
                Value::Bytes(key.check_value.as_deref()),
                Value::Bytes(key.ring.as_deref()),
            ];
            self.execute(PUT, values).await?;
        }
        Ok(())
    }
}

impl Housekeeping {
    /// Stores the id and check value of the master key, unless a key is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn note_master_key(&mut self, id: &str, check: &[u8]) -> Result<(), StoreError> {
        self.execute(INSERT, values![id, check]).await?;
        self.execute(SET_CHECK, values![id, check]).await.map(drop)
    }
}
