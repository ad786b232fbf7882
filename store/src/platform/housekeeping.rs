//! Changes without an audit event: recent use, calls, failed sign-ins, counts, checkpoints, removal by age.

use std::ops::{Deref, DerefMut};

use super::{conn::Conn, dialect::pools::Pools, error::StoreError};

/// A transaction without audit events. Its methods change nothing that an administrator would look for in the audit
/// log.
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
