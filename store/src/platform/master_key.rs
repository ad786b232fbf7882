//! Table `master_key`: the id of the key that the secrets of this database are encrypted under.

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
    const FIND: Sql = "SELECT key_id FROM master_key WHERE position = 1";
    const OLD_ORGANIZATIONS: Sql = "SELECT value FROM counter WHERE name = 'organizations_without_key_id'";
    const INSERT: Sql = "INSERT INTO master_key (position, key_id) VALUES (1, $1) ON CONFLICT (position) DO NOTHING";
}

impl Conn {
    /// The id of the master key; `None` before a server started with one.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_master_key_id(&mut self) -> Result<Option<String>, StoreError> {
        let found = self.fetch_optional::<(String,)>(FIND, values![]).await?;
        Ok(found.map(|(id,)| id))
    }
}

impl Conn {
    /// Whether a version that did not store the id of the key may have stored secrets.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn may_have_old_secrets(&mut self) -> Result<bool, StoreError> {
        let (organizations,) = self
            .fetch_one::<(i64,)>(OLD_ORGANIZATIONS, values![])
            .await?;
        Ok(organizations > 0)
    }
}

impl Housekeeping {
    /// Stores the id of the master key, unless one is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn note_master_key_id(&mut self, id: &str) -> Result<(), StoreError> {
        self.execute(INSERT, values![id]).await.map(drop)
    }
}
