//! Table `sign_in_failure`: refused sign-ins, counted to throttle guessing. Stored, so that a restart forgives nobody.

use domain::platform::timestamp::Timestamp;

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{
        dialect::on,
        error::StoreError,
        transaction::{Conn, Write},
    },
};

const INSERT: &str = "INSERT INTO sign_in_failure (at, account, address) VALUES ($1, $2, $3)";
const COUNT_OF_ACCOUNT: &str =
    "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE account = $1 AND at > $2";
const COUNT_OF_ADDRESS: &str =
    "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE address = $1 AND at > $2";
const FORGIVE: &str = "DELETE FROM sign_in_failure WHERE account = $1";
const FORGET: &str = "DELETE FROM sign_in_failure WHERE at <= $1";

impl Conn {
    /// How often signing in to an account failed after `since`, and when first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_failures_of_account(
        &mut self,
        account: &str,
        since: Timestamp,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        let (count, first) = on!(self, c => sqlx::query_as::<_, (i64, Option<i64>)>(COUNT_OF_ACCOUNT)
            .bind(account)
            .bind(since.as_micros())
            .fetch_one(c)
            .await)?;
        Ok((count, first.map(Timestamp::from_micros)))
    }

    /// How often signing in from an address failed after `since`, and when first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_failures_of_address(
        &mut self,
        address: &str,
        since: Timestamp,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        let (count, first) = on!(self, c => sqlx::query_as::<_, (i64, Option<i64>)>(COUNT_OF_ADDRESS)
            .bind(address)
            .bind(since.as_micros())
            .fetch_one(c)
            .await)?;
        Ok((count, first.map(Timestamp::from_micros)))
    }
}

impl Housekeeping {
    /// Counts a refused sign-in.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_failure(
        &mut self,
        at: Timestamp,
        account: &str,
        address: &str,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(INSERT)
            .bind(at.as_micros())
            .bind(account)
            .bind(address)
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Forgets failures up to `until`, which count no longer.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn forget_failures(&mut self, until: Timestamp) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(FORGET).bind(until.as_micros()).execute(c).await.map(drop))?;
        Ok(())
    }
}

impl Write {
    /// Forgives an account its failures, after somebody who knows the password signed in.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn forgive_failures(&mut self, account: &str) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(FORGIVE).bind(account).execute(c).await.map(drop))?;
        Ok(())
    }
}
