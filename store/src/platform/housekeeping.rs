//! Changes that no caller asks for and that leave no audit event: recent use, calls, failed sign-ins, removal by age.

use std::ops::{Deref, DerefMut};

use super::{conn::Conn, dialect::pools::Pools, error::StoreError};

/// A transaction that leaves no audit event. Its methods change nothing that an administrator would ask about.
#[derive(Debug)]
pub struct Housekeeping {
    conn: Conn,
}

impl Housekeeping {
    pub(crate) async fn begin(pools: &Pools) -> Result<Self, StoreError> {
        Ok(Self {
            conn: Conn::new(pools.begin().await?),
        })
    }

    /// Commits the changes.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects them.
    pub async fn finish(self) -> Result<(), StoreError> {
        self.conn.commit().await
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
