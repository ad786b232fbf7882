//! Limits on failed sign-ins, and the events of failures.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, Outcome},
    identity::actor::RequestMeta,
    platform::{id::Id, limits, timestamp::Timestamp},
};
use store::Member;

use crate::{
    audit::commit::{done, object},
    identity::{handle::Identities, sign_in::sign_in_caller},
    platform::error::ServiceError,
};

impl Identities {
    /// Whether the account has had fewer failures than its limit. The caller holds the place of the sign-in, so the
    /// failures before it are stored.
    ///
    /// # Errors
    /// [`ServiceError::Limited`] when the address has had too many.
    pub(crate) async fn may_try(&self, account: &str, address: &str) -> Result<bool, ServiceError> {
        let now = self.platform.now();
        let since = now.plus_seconds(-limits::SIGN_IN_WINDOW_SECONDS);
        let mut read = self.platform.store().read().await?;
        let (from_address, first) = read.count_failures_of_address(address, since).await?;
        if from_address >= limits::SIGN_IN_FAILURES_PER_ADDRESS {
            return Err(too_many_from_address(first, now));
        }
        let (of_account, _) = read.count_failures_of_account(account, since).await?;
        Ok(of_account < limits::SIGN_IN_FAILURES_PER_ACCOUNT)
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

fn too_many_from_address(first: Option<Timestamp>, now: Timestamp) -> ServiceError {
    let ends = first
        .unwrap_or(now)
        .plus_seconds(limits::SIGN_IN_WINDOW_SECONDS);
    ServiceError::Limited {
        retry_after_seconds: u64::try_from(ends.millis_since(now) / 1_000).unwrap_or(0) + 1,
        message: format!(
            "More than {} sign-ins from this address failed within {} minutes. Please wait.",
            limits::SIGN_IN_FAILURES_PER_ADDRESS,
            limits::SIGN_IN_WINDOW_SECONDS / 60
        ),
    }
}
