//! Changes that nobody did and the record does not tell: last uses, calls, failed sign-ins, what has run out.

use std::ops::{Deref, DerefMut};

use crate::platform::{dialect::Store, error::StoreError, transaction::Conn};

/// A transaction that leaves no event. Only methods that change nothing an administrator would ask about are here.
#[derive(Debug)]
pub struct Housekeeping {
    conn: Conn,
}

impl Housekeeping {
    /// Stores what was done.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn finish(self) -> Result<(), StoreError> {
        self.conn.commit().await
    }
}

impl Store {
    /// Begins housekeeping.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database cannot be reached.
    pub async fn housekeep(&self) -> Result<Housekeeping, StoreError> {
        Ok(Housekeeping {
            conn: self.unrecorded().await?,
        })
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
