//! Rejected sign-ins and forms: all are counted, and each kind from each network is recorded in the audit log, once in
//! a while, so that an attacker cannot fill it.

use domain::{
    audit::event::{Action, ActorType, Attribution, AuditEvent, FieldChange, ObjectType, Outcome},
    identity::actor::{Caller, RequestMeta},
    platform::{
        id::Id,
        limits::{SIGN_IN_NOTICE_SECONDS, SIGN_IN_WINDOW_SECONDS},
        name::Email,
        network::ClientNetwork,
    },
};
use store::Member;

use crate::{
    audit::commit::object,
    identity::{
        handle::Identities,
        sign_in::{
            attempt::Attempt,
            rejection_counts::{Purpose, RejectionKind},
        },
    },
    platform::error::ServiceError,
};

impl Identities {
    /// The number of rejected sign-ins and forms of each kind on this node since its start.
    #[must_use]
    pub fn rejections(&self) -> Vec<(RejectionKind, u64)> {
        self.rejections.counts()
    }

    /// Records a form that a page of another site sent, or markup in one of our pages, and the member whose session it
    /// would have used, if it is known.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn record_foreign_form(
        &self,
        caller: Option<&Caller>,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        self.rejections.count(RejectionKind::ForeignForm);
        let network = ClientNetwork::of(&request.address);
        if !self.is_first(
            Purpose::ForeignForm,
            network.largest(),
            SIGN_IN_WINDOW_SECONDS,
        ) {
            return Ok(());
        }
        let by = match caller {
            Some(caller) => Attribution::of(caller),
            None => Attribution::of_unauthenticated(request.clone()),
        };
        let name = request.path.clone();
        self.record(by, Action::Update, name, RejectionKind::ForeignForm)
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
        let key = format!("{} {}", attempt.network.subnet, attempt.account);
        if member.is_none() && !self.is_first(Purpose::UnknownAccount, &key, SIGN_IN_WINDOW_SECONDS)
        {
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
        // A network that is limited can name any number of accounts.
        let account = if of_account { &attempt.account } else { "" };
        let key = format!("{} {account}", attempt.network.largest());
        if !self.is_first(Purpose::Limited, &key, SIGN_IN_WINDOW_SECONDS) {
            return Ok(());
        }
        let mut read = self.platform.store().read().await?;
        let member = read.find_member_by_email(&attempt.account).await?;
        drop(read);
        self.record_attempt(attempt, member.as_ref(), RejectionKind::Limited)
            .await?;
        let is_first = |id: String| self.is_first(Purpose::Notice, &id, SIGN_IN_NOTICE_SECONDS);
        match member {
            Some(member) if of_account && is_first(member.id.to_string()) => {
                self.notify_of_failures(&member, message, &attempt.request)
                    .await
            }
            _ => Ok(()),
        }
    }

    fn is_first(&self, purpose: Purpose, key: &str, seconds: i64) -> bool {
        let now = self.platform.now();
        self.rejections.is_first(purpose, key, now, seconds)
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
        let request = attempt.request.clone();
        let by = match member {
            Some(member) => Attribution {
                actor_type: ActorType::User,
                actor_id: member.id.0,
                actor_name: member.full_name.clone(),
                actor_email: member.email.clone(),
                credential: None,
                request,
            },
            None => Attribution::of_unauthenticated(request),
        };
        self.record(by, Action::SignIn, name, kind).await
    }

    /// Adds the event, unless there is no organization yet.
    async fn record(
        &self,
        by: Attribution,
        action: Action,
        name: String,
        kind: RejectionKind,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let Some(organization) = write.find_organization().await? else {
            return Ok(());
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
