//! Table `master_key`: the key that the secrets of this database are encrypted under, by its id and a check value.

use super::{
    conn::Conn,
    dialect::{
        sql::{Sql, statements},
        value::values,
    },
    error::StoreError,
    housekeeping::Housekeeping,
};

statements! {
    const FIND: Sql = "SELECT key_id, check_value FROM master_key WHERE position = 1";
    const INSERT: Sql = "INSERT INTO master_key (position, key_id, check_value) VALUES (1, $1, $2) \
        ON CONFLICT (position) DO NOTHING";
    const SET_CHECK: Sql = "UPDATE master_key SET check_value = $2 WHERE key_id = $1 AND check_value IS NULL";
}

/// What the database knows of its master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// The id of the key, which is derived from it.
    pub id: String,
    /// The id, encrypted under the key; `None` until a server of this version starts.
    pub check_value: Option<Vec<u8>>,
}

impl Conn {
    /// The master key of the database; `None` before the first start.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_master_key(&mut self) -> Result<Option<KnownKey>, StoreError> {
        let found = self
            .fetch_optional::<(String, Option<Vec<u8>>)>(FIND, values![])
            .await?;
        Ok(found.map(|(id, check_value)| KnownKey { id, check_value }))
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
