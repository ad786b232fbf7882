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
        let Some(limited) = self.find_limit(attempt).await? else {
            return Ok(());
        };
        let (of_account, message) = (limited.of_account, limited.message.as_str());
        self.record_limited(attempt, of_account, message).await?;
        Err(ServiceError::Limited {
            retry_after_seconds: limited.retry_after_seconds,
            message: format!("{} Please wait.", limited.message),
        })
    }

    /// The limit that the attempt has reached.
    async fn find_limit(&self, attempt: &Attempt) -> Result<Option<ReachedLimit>, ServiceError> {
        let (account, network) = (attempt.account.as_str(), &attempt.network);
        let now = self.platform.now();
        let since = now.plus_seconds(-limits::SIGN_IN_WINDOW_SECONDS);
        let mut read = self.platform.store().read().await?;
        let counts = read.count_failures(account, network, since).await?;
        for (found, limit, words) in [
            (
                counts.from_subnet,
                limits::SIGN_IN_FAILURES_PER_SUBNET,
                "from this network",
            ),
            (
                counts.from_site,
                limits::SIGN_IN_FAILURES_PER_SITE,
                "from this network",
            ),
            (
                counts.of_account_from_subnet,
                limits::SIGN_IN_FAILURES_PER_ACCOUNT,
                "of this account from this network",
            ),
        ] {
            if found.count >= limit {
                return Ok(Some(too_many(found, limit, words, now)));
            }
        }
        let limit = limits::SIGN_IN_FAILURES_PER_ACCOUNT_IN_TOTAL;
        if counts.of_account.count < limit
            || attempt.is_known_browser
            || is_known(&mut read, account, network).await?
        {
            return Ok(None);
        }
        Ok(Some(too_many(
            counts.of_account,
            limit,
            "of this account",
            now,
        )))
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

/// A limit that an attempt has reached.
struct ReachedLimit {
    /// Whether it is one of the account.
    of_account: bool,
    /// The limit, as a sentence.
    message: String,
    retry_after_seconds: u64,
}

fn too_many(found: FailureCount, limit: i64, words: &str, now: Timestamp) -> ReachedLimit {
    let ends = found
        .first_at
        .unwrap_or(now)
        .plus_seconds(limits::SIGN_IN_WINDOW_SECONDS);
    ReachedLimit {
        of_account: words.starts_with("of this account"),
        retry_after_seconds: u64::try_from(ends.millis_since(now) / 1_000).unwrap_or(0) + 1,
        message: format!(
            "{limit} sign-ins {words} failed within {} minutes.",
            limits::SIGN_IN_WINDOW_SECONDS / 60
        ),
    }
}
