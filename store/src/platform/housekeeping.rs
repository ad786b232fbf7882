//! Changes without an audit event: recent use, calls, failed sign-ins, counts, checkpoints, removal by age.

use std::ops::{Deref, DerefMut};

use domain::platform::visible::folded;

use super::{
    cipher::DocumentCipher,
    conn::Conn,
    dialect::{pools::Pools, sql::Sql, value::values},
    error::StoreError,
};

/// A transaction without audit events. Its methods change nothing that an administrator would look for in the audit
/// log.
#[derive(Debug)]
pub struct Housekeeping {
    conn: Conn,
}

impl Housekeeping {
    pub(crate) async fn begin(pools: &Pools, cipher: &DocumentCipher) -> Result<Self, StoreError> {
        Ok(Self {
            conn: Conn::new(pools.begin().await?, cipher.clone()),
        })
    }

    /// Commits the changes.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects them.
    pub async fn finish(self) -> Result<(), StoreError> {
        self.conn.commit().await
    }

    /// Fills the folded names of rows that were stored before the column existed: `unfolded` selects the ids and names
    /// of at most `limit` rows, `fold` updates one. Returns how many were filled.
    pub(crate) async fn fold_names(
        &mut self,
        unfolded: Sql,
        fold: Sql,
        limit: i64,
    ) -> Result<usize, StoreError> {
        let unfolded = self
            .fetch_all::<(String, String)>(unfolded, values![limit])
            .await?;
        for (id, name) in &unfolded {
            self.execute(fold, values![id, folded(name)]).await?;
        }
        Ok(unfolded.len())
    }
}

impl Deref for Housekeeping {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Housekeeping {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
