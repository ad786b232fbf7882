//! Table `sign_in_failure`: failed sign-ins, counted to throttle guessing. They are stored, so that a restart does not
//! reset the counts.

use domain::platform::{id::UserId, network::ClientNetwork, timestamp::Timestamp};

use crate::{
    audit::Write,
    platform::{Conn, Housekeeping, Sql, StoreError, statements, values},
};

statements! {
    const INSERT: Sql = "INSERT INTO sign_in_failure (at, account, address, subnet, site) VALUES ($1, $2, $3, $4, $5)";
    const OF_ACCOUNT: Sql = "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE account = $1 AND at > $2";
    const OF_ACCOUNT_FROM_SUBNET: Sql = "SELECT COUNT(*), MIN(at) FROM sign_in_failure \
        WHERE account = $1 AND at > $2 AND subnet = $3";
    const FROM_SUBNET: Sql = "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE subnet = $1 AND at > $2";
    const FROM_SITE: Sql = "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE site = $1 AND at > $2";
    const FORGIVE: Sql = "DELETE FROM sign_in_failure WHERE account = $1 AND subnet = $2";
    const FORGIVE_ALL: Sql = "DELETE FROM sign_in_failure WHERE account = $1";
    const FORGET: Sql = "DELETE FROM sign_in_failure WHERE at <= $1";
    const ADDRESSES: Sql = "SELECT address FROM session WHERE user_id = $1 \
        UNION SELECT created_address FROM token WHERE user_id = $1 AND kind = 'API_SESSION'";
}

/// A number of failed sign-ins, and the time of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureCount {
    /// How many.
    pub count: i64,
    /// The time of the first; `None` without any.
    pub first_at: Option<Timestamp>,
}

/// The failed sign-ins that count for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureCounts {
    /// Of the account, from all networks.
    pub of_account: FailureCount,
    /// Of the account, from the network of the attempt.
    pub of_account_from_subnet: FailureCount,
    /// Of all accounts, from the network of the attempt.
    pub from_subnet: FailureCount,
    /// Of all accounts, from the IPv6 /48 network of the attempt.
    pub from_site: FailureCount,
}

impl Conn {
    /// Counts the failures after `since` that count for an attempt of an account from a network.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_failures(
        &mut self,
        account: &str,
        network: &ClientNetwork,
        since: Timestamp,
    ) -> Result<FailureCounts, StoreError> {
        let (subnet, site) = (network.subnet.as_str(), network.site.as_str());
        Ok(FailureCounts {
            of_account: count_of(self.fetch_one(OF_ACCOUNT, values![account, since]).await?),
            of_account_from_subnet: count_of(
                self.fetch_one(OF_ACCOUNT_FROM_SUBNET, values![account, since, subnet])
                    .await?,
            ),
            from_subnet: count_of(self.fetch_one(FROM_SUBNET, values![subnet, since]).await?),
            from_site: if site.is_empty() {
                count_of((0, None))
            } else {
                count_of(self.fetch_one(FROM_SITE, values![site, since]).await?)
            },
        })
    }

    /// The addresses that a user has signed in from.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_sign_in_addresses(
        &mut self,
        user_id: UserId,
    ) -> Result<Vec<String>, StoreError> {
        let rows = self
            .fetch_all::<(String,)>(ADDRESSES, values![user_id])
            .await?;
        Ok(rows.into_iter().map(|(address,)| address).collect())
    }
}

fn count_of((count, first): (i64, Option<i64>)) -> FailureCount {
    FailureCount {
        count,
        first_at: first.map(Timestamp::from_micros),
    }
}

impl Housekeeping {
    /// Adds a failed sign-in that counts for a network, or for a browser that takes its place.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_failure(
        &mut self,
        at: Timestamp,
        account: &str,
        address: &str,
        network: &ClientNetwork,
    ) -> Result<(), StoreError> {
        let values = values![at, account, address, &network.subnet, &network.site];
        self.execute(INSERT, values).await.map(drop)
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
    /// Deletes the failures of an account from one network or known browser, after a sign-in with the right password from
    /// there. Those from other networks may be an attacker's.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn forgive_failures(
        &mut self,
        account: &str,
        network: &ClientNetwork,
    ) -> Result<(), StoreError> {
        self.execute(FORGIVE, values![account, &network.subnet])
            .await
            .map(drop)
    }

    /// Deletes all failures of an account. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn forgive_all_failures(&mut self, account: &str) -> Result<u64, StoreError> {
        self.execute(FORGIVE_ALL, values![account]).await
    }
}
