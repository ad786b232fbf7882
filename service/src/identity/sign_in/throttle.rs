//! Limits on failed sign-ins, and the events of failures.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, Outcome},
    identity::actor::RequestMeta,
    platform::{id::Id, limits, network::ClientNetwork, timestamp::Timestamp},
};
use store::{Conn, FailureCount, Member};

use crate::{
    audit::commit::{done, object},
    identity::{handle::Identities, sign_in::sign_in_caller},
    platform::error::ServiceError,
};

impl Identities {
    /// Checks that the account and the network have had fewer failures than their limits. The caller holds the place of
    /// the sign-in, so the failures before it are stored. Unknown accounts have the same limits as members.
    ///
    /// # Errors
    /// [`ServiceError::Limited`] when they have had too many.
    pub(crate) async fn check_failures(
        &self,
        account: &str,
        network: &ClientNetwork,
    ) -> Result<(), ServiceError> {
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
                return Err(too_many(found, limit, words, now));
            }
        }
        let limit = limits::SIGN_IN_FAILURES_PER_ACCOUNT_IN_TOTAL;
        if counts.of_account.count >= limit && !is_known(&mut read, account, network).await? {
            return Err(too_many(counts.of_account, limit, "of this account", now));
        }
        Ok(())
    }

    /// Stores a failed sign-in, with an audit event when the account exists.
    pub(crate) async fn store_failure(
        &self,
        account: &str,
        member: Option<&Member>,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        let now = self.platform.now();
        housekeeping
            .insert_failure(now, account, &request.address)
            .await?;
        housekeeping.finish().await?;
        match member {
            Some(member) => self.log_failure(member, request).await,
            None => Ok(()),
        }
    }

    async fn log_failure(
        &self,
        member: &Member,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let caller = sign_in_caller(&mut write, member, request).await?;
        let object = object(ObjectType::Session, Id::SYSTEM, &member.email);
        let event = AuditEvent {
            outcome: Outcome::Denied,
            ..done(
                &caller,
                self.platform.now(),
                Action::SignIn,
                object,
                Vec::new(),
            )
        };
        self.audit.commit(write, event).await
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

fn too_many(found: FailureCount, limit: i64, words: &str, now: Timestamp) -> ServiceError {
    let ends = found
        .first_at
        .unwrap_or(now)
        .plus_seconds(limits::SIGN_IN_WINDOW_SECONDS);
    ServiceError::Limited {
        retry_after_seconds: u64::try_from(ends.millis_since(now) / 1_000).unwrap_or(0) + 1,
        message: format!(
            "{limit} sign-ins {words} failed within {} minutes. Please wait.",
            limits::SIGN_IN_WINDOW_SECONDS / 60
        ),
    }
}
