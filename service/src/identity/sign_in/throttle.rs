//! Limits on failed sign-ins.

use domain::platform::{limits, network::ClientNetwork, timestamp::Timestamp};
use store::{Conn, FailureCount, Member};

use crate::{
    identity::{handle::Identities, sign_in::attempt::Attempt},
    platform::error::ServiceError,
};

impl Identities {
    /// Checks that the account and the network have had fewer failures than their limits. The caller holds the place of
    /// the sign-in, so the failures before it are stored. Unknown accounts have the same limits as members.
    ///
    /// # Errors
    /// [`ServiceError::Limited`] when they have had too many.
    pub(crate) async fn check_failures(&self, attempt: &Attempt) -> Result<(), ServiceError> {
        let Some(reached) = self.find_limit(attempt).await? else {
            return Ok(());
        };
        let message = reached.message();
        self.record_limited(attempt, reached.of_account, &message)
            .await?;
        Err(ServiceError::Limited {
            retry_after_seconds: reached.seconds_left(self.platform.now()),
            message: format!("{message} Please wait."),
        })
    }

    /// The limit that the attempt has reached.
    async fn find_limit(&self, attempt: &Attempt) -> Result<Option<Limit>, ServiceError> {
        let (account, network) = (attempt.account.as_str(), &attempt.network);
        let since = self
            .platform
            .now()
            .plus_seconds(-limits::SIGN_IN_WINDOW_SECONDS);
        let mut read = self.platform.store().read().await?;
        let counts = read.count_failures(account, network, since).await?;
        let own = [
            Limit {
                found: counts.from_subnet,
                most: limits::SIGN_IN_FAILURES_PER_SUBNET,
                of_account: false,
                words: "from this network",
            },
            Limit {
                found: counts.from_site,
                most: limits::SIGN_IN_FAILURES_PER_SITE,
                of_account: false,
                words: "from this network",
            },
            Limit {
                found: counts.of_account_from_subnet,
                most: limits::SIGN_IN_FAILURES_PER_ACCOUNT,
                of_account: true,
                words: "of this account from this network",
            },
        ];
        if let Some(reached) = own.into_iter().find(Limit::is_reached) {
            return Ok(Some(reached));
        }
        let total = Limit {
            found: counts.of_account,
            most: limits::SIGN_IN_FAILURES_PER_ACCOUNT_IN_TOTAL,
            of_account: true,
            words: "of this account",
        };
        let is_open = !total.is_reached()
            || attempt.is_known_browser
            || is_known(&mut read, account, network).await?;
        Ok((!is_open).then_some(total))
    }

    /// Stores and records a failed sign-in.
    pub(crate) async fn store_failure(
        &self,
        attempt: &Attempt,
        member: Option<&Member>,
    ) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        let (now, address) = (self.platform.now(), &attempt.request.address);
        housekeeping
            .insert_failure(now, &attempt.account, address, &attempt.network)
            .await?;
        housekeeping.finish().await?;
        self.record_failure(attempt, member).await
    }
}

/// Whether the account has signed in from this network before.
async fn is_known(
    read: &mut Conn,
    account: &str,
    network: &ClientNetwork,
) -> Result<bool, ServiceError> {
    let Some(member) = read.find_member_by_email(account).await? else {
        return Ok(false);
    };
    let addresses = read.list_sign_in_addresses(member.id).await?;
    Ok(addresses
        .iter()
        .any(|address| ClientNetwork::of(address).subnet == network.subnet))
}

/// A limit on failed sign-ins, and what counts for it.
struct Limit {
    found: FailureCount,
    /// The number of failures from which on attempts are rejected.
    most: i64,
    /// Whether it is one of the account, and not of a network.
    of_account: bool,
    /// Whose failures count.
    words: &'static str,
}

impl Limit {
    const fn is_reached(&self) -> bool {
        self.found.count >= self.most
    }

    /// The limit, as a sentence.
    fn message(&self) -> String {
        let Self { most, words, .. } = self;
        let minutes = limits::SIGN_IN_WINDOW_SECONDS / 60;
        format!("{most} sign-ins {words} failed within {minutes} minutes.")
    }

    /// Seconds until the first of the failures no longer counts.
    fn seconds_left(&self, now: Timestamp) -> u64 {
        let first = self.found.first_at.unwrap_or(now);
        let ends = first.plus_seconds(limits::SIGN_IN_WINDOW_SECONDS);
        u64::try_from(ends.millis_since(now) / 1_000).unwrap_or(0) + 1
    }
}
