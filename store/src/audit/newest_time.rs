//! The newest time of the clock that this installation has seen, in `counter`.

use domain::platform::timestamp::Timestamp;

use super::write::Write;
use crate::platform::{Conn, Housekeeping, Sql, StoreError, statements, values};

statements! {
    const FIND: Sql = "SELECT value FROM counter WHERE name = 'newest_time'";
    const RAISE: Sql = "UPDATE counter SET value = $1 WHERE name = 'newest_time' AND value < $1";
    const SET: Sql = "UPDATE counter SET value = $1 WHERE name = 'newest_time'";
}

impl Conn {
    /// The newest time that was stored; `None` before the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_newest_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let (micros,) = self.fetch_one::<(i64,)>(FIND, values![]).await?;
        Ok((micros > 0).then(|| Timestamp::from_micros(micros)))
    }
}

impl Housekeeping {
    /// Stores the time of the clock, unless a newer one is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn raise_newest_time(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.execute(RAISE, values![now]).await.map(drop)
    }
}

impl Write {
    /// Stores the time of the clock, also when a newer one is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn set_newest_time(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.execute(SET, values![now]).await.map(drop)
    }
}
