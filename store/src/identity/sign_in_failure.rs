//! Table `sign_in_failure`: failed sign-ins, counted to throttle guessing. They are stored, so that a restart does not
//! reset the counts.

use domain::platform::timestamp::Timestamp;

use crate::{
    audit::Write,
    platform::{Conn, Housekeeping, Sql, StoreError, statements, values},
};

statements! {
    const INSERT: Sql = "INSERT INTO sign_in_failure (at, account, address) VALUES ($1, $2, $3)";
    const COUNT_OF_ACCOUNT: Sql = "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE account = $1 AND at > $2";
    const COUNT_OF_ADDRESS: Sql = "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE address = $1 AND at > $2";
    const FORGIVE: Sql = "DELETE FROM sign_in_failure WHERE account = $1";
    const FORGET: Sql = "DELETE FROM sign_in_failure WHERE at <= $1";
}

impl Conn {
    /// The number of failures of an account after `since`, and the time of the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_failures_of_account(
        &mut self,
        account: &str,
        since: Timestamp,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        self.count_failures(COUNT_OF_ACCOUNT, account, since).await
    }

    /// The number of failures from an address after `since`, and the time of the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_failures_of_address(
        &mut self,
        address: &str,
        since: Timestamp,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        self.count_failures(COUNT_OF_ADDRESS, address, since).await
    }

    async fn count_failures(
        &mut self,
        count: Sql,
        of: &str,
        since: Timestamp,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        let (count, first) = self
            .fetch_one::<(i64, Option<i64>)>(count, values![of, since])
            .await?;
        Ok((count, first.map(Timestamp::from_micros)))
    }
}

impl Housekeeping {
    /// Adds a failed sign-in.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_failure(
        &mut self,
        at: Timestamp,
        account: &str,
        address: &str,
    ) -> Result<(), StoreError> {
        self.execute(INSERT, values![at, account, address])
            .await
            .map(drop)
    }

    /// Deletes failures up to `until`, because they no longer count.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn forget_failures(&mut self, until: Timestamp) -> Result<(), StoreError> {
        self.execute(FORGET, values![until]).await.map(drop)
    }
}

impl Write {
    /// Deletes the failures of an account, after a sign-in with the right password.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn forgive_failures(&mut self, account: &str) -> Result<(), StoreError> {
        self.execute(FORGIVE, values![account]).await.map(drop)
    }
}
