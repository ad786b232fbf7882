//! Rejected sign-ins and forms: all are counted, and each kind from each network is recorded in the audit log, once in
//! a while, so that an attacker cannot fill it.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{
    audit::event::{Action, Attribution, AuditEvent, FieldChange, ObjectType, Outcome},
    identity::actor::RequestMeta,
    platform::{
        id::Id,
        limits::{SIGN_IN_NOTICE_SECONDS, SIGN_IN_WINDOW_SECONDS},
        name::Email,
        network::ClientNetwork,
        timestamp::Timestamp,
    },
};
use store::Member;

use crate::{
    audit::commit::object,
    identity::{
        handle::Identities,
        sign_in::{attempt::Attempt, sign_in_caller},
    },
    platform::{error::ServiceError, lock::lock},
};

/// Limit on the remembered keys. Beyond it, rejections are counted and not recorded.
const REMEMBERED: usize = 10_000;

/// Why a sign-in or a form was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectionKind {
    /// The password was wrong, or the member is disabled.
    WrongPassword,
    /// There is no such account.
    UnknownAccount,
    /// Too many sign-ins of the account or from the network had failed.
    Limited,
    /// A page of another site sent the form.
    ForeignForm,
}

impl RejectionKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::WrongPassword,
        Self::UnknownAccount,
        Self::Limited,
        Self::ForeignForm,
    ];

    /// The label in metrics and events.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::UnknownAccount => "unknown_account",
            Self::Limited => "limited",
            Self::ForeignForm => "foreign_form",
        }
    }
}

/// The counts of rejections on this node, and which were recorded lately.
#[derive(Debug, Default)]
pub(crate) struct Rejections {
    counts: [AtomicU64; RejectionKind::ALL.len()],
    recorded: Mutex<HashMap<String, Timestamp>>,
}

impl Rejections {
    fn count(&self, kind: RejectionKind) {
        self.counts[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// The number of rejections of each kind since the start.
    pub(crate) fn counts(&self) -> Vec<(RejectionKind, u64)> {
        let count = |kind: RejectionKind| self.counts[kind as usize].load(Ordering::Relaxed);
        RejectionKind::ALL.map(|kind| (kind, count(kind))).to_vec()
    }

    /// Whether this is the first time in a number of seconds that this key occurs.
    fn is_first(&self, key: String, now: Timestamp, seconds: i64) -> bool {
        let mut recorded = lock(&self.recorded);
        if recorded.len() >= REMEMBERED {
            recorded.retain(|_, until| now < *until);
        }
        let is_remembered = recorded.get(&key).is_some_and(|until| now < *until);
        if is_remembered || recorded.len() >= REMEMBERED {
            return false;
        }
        recorded.insert(key, now.plus_seconds(seconds));
        true
    }
}

impl Identities {
    /// The number of rejected sign-ins and forms of each kind on this node since its start.
    #[must_use]
    pub fn rejections(&self) -> Vec<(RejectionKind, u64)> {
        self.rejections.counts()
    }

    /// Records a form that a page of another site sent.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn record_foreign_form(&self, request: &RequestMeta) -> Result<(), ServiceError> {
        self.rejections.count(RejectionKind::ForeignForm);
        let network = ClientNetwork::of(&request.address);
        let key = format!("form {}", network.subnet);
        if !self.is_first(key, SIGN_IN_WINDOW_SECONDS) {
            return Ok(());
        }
        let name = request.path.clone();
        self.record(
            None,
            Action::Update,
            name,
            RejectionKind::ForeignForm,
            request,
        )
        .await
    }

    /// Records a failed sign-in. Those of members are all recorded: their number is limited.
    pub(super) async fn record_failure(
        &self,
        attempt: &Attempt,
        member: Option<&Member>,
    ) -> Result<(), ServiceError> {
        let kind = match member {
            Some(_) => RejectionKind::WrongPassword,
            None => RejectionKind::UnknownAccount,
        };
        self.rejections.count(kind);
        let key = format!("unknown {} {}", attempt.network.subnet, attempt.account);
        if member.is_none() && !self.is_first(key, SIGN_IN_WINDOW_SECONDS) {
            return Ok(());
        }
        self.record_attempt(attempt, member, kind).await
    }

    /// Records a sign-in that was limited, and notifies the member and the administrators if it was for failures of
    /// the account.
    pub(super) async fn record_limited(
        &self,
        attempt: &Attempt,
        of_account: bool,
        message: &str,
    ) -> Result<(), ServiceError> {
        self.rejections.count(RejectionKind::Limited);
        let key = format!("limited {} {}", attempt.network.subnet, attempt.account);
        if !self.is_first(key, SIGN_IN_WINDOW_SECONDS) {
            return Ok(());
        }
        let mut read = self.platform.store().read().await?;
        let member = read.find_member_by_email(&attempt.account).await?;
        drop(read);
        self.record_attempt(attempt, member.as_ref(), RejectionKind::Limited)
            .await?;
        let key = format!("notice {}", attempt.account);
        match member {
            Some(member) if of_account && self.is_first(key, SIGN_IN_NOTICE_SECONDS) => {
                self.notify_of_failures(&member, message, &attempt.request)
                    .await
            }
            _ => Ok(()),
        }
    }

    fn is_first(&self, key: String, seconds: i64) -> bool {
        self.rejections.is_first(key, self.platform.now(), seconds)
    }

    async fn record_attempt(
        &self,
        attempt: &Attempt,
        member: Option<&Member>,
        kind: RejectionKind,
    ) -> Result<(), ServiceError> {
        // What is not an address may be a password that was typed into the wrong field.
        let is_address = Email::parse(&attempt.account).is_ok();
        let name = if is_address {
            attempt.account.clone()
        } else {
            String::new()
        };
        self.record(member, Action::SignIn, name, kind, &attempt.request)
            .await
    }

    async fn record(
        &self,
        member: Option<&Member>,
        action: Action,
        name: String,
        kind: RejectionKind,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let Some(organization) = write.find_organization().await? else {
            return Ok(());
        };
        let by = match member {
            Some(member) => Attribution::of(&sign_in_caller(&mut write, member, request).await?),
            None => Attribution::of_unknown(request.clone()),
        };
        let reason = FieldChange {
            field: "reason".to_owned(),
            before: None,
            after: Some(kind.label().into()),
        };
        let event = AuditEvent {
            at: self.platform.now(),
            organization_id: organization.id,
            by,
            action,
            object: object(ObjectType::Session, Id::SYSTEM, name),
            outcome: Outcome::Denied,
            changes: vec![reason],
        };
        self.audit.commit(write, event).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_first_again_after_its_time_and_the_memory_is_bounded() {
        let rejections = Rejections::default();
        let start = Timestamp::from_millis(0);
        assert!(rejections.is_first("a".to_owned(), start, 10));
        assert!(!rejections.is_first("a".to_owned(), start.plus_seconds(9), 10));
        assert!(rejections.is_first("a".to_owned(), start.plus_seconds(10), 10));
        for number in 1..REMEMBERED {
            assert!(rejections.is_first(number.to_string(), start.plus_seconds(10), 10));
        }
        assert!(!rejections.is_first("full".to_owned(), start.plus_seconds(19), 10));
        assert!(rejections.is_first("full".to_owned(), start.plus_seconds(20), 10));
    }
}
