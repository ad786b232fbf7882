//! The failed sign-ins of an account since its last sign-in, which its owner sees after the next one.

use domain::{
    audit::{
        event::{Action, Outcome},
        query::PageDirection,
    },
    identity::actor::RequestMeta,
    platform::timestamp::Timestamp,
};
use store::{EventFilter, Member};

use crate::{identity::handle::Identities, platform::error::ServiceError};

/// Limit on the events that are read.
const READ_EVENTS: i64 = 100;

/// Days of which events are read.
const DAYS: i64 = 30;

/// Failed sign-ins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailuresSince {
    /// How many, at least.
    pub count: usize,
    /// The address of the last one.
    pub address: String,
    /// The time of the last one.
    pub at: Timestamp,
}

impl Identities {
    /// Finds the failed sign-ins of a member since the last one that succeeded, except those from the address of this
    /// request: most likely the member has mistyped the password.
    pub(super) async fn failures_since_sign_in(
        &self,
        member: &Member,
        request: &RequestMeta,
    ) -> Result<Option<FailuresSince>, ServiceError> {
        let filter = EventFilter {
            actor_id: Some(member.id.0),
            action: Some(Action::SignIn),
            from: self.platform.now().plus_days(-DAYS),
            ..EventFilter::all(member.organization_id)
        };
        let mut read = self.platform.store().read().await?;
        let events = read
            .list_events(&filter, PageDirection::NEWEST, READ_EVENTS)
            .await?;
        let mut failed = events
            .into_iter()
            .map(|recorded| recorded.event)
            // A confirmation of the password in a session shows no failures.
            .filter(|event| event.outcome == Outcome::Denied || event.changes.is_empty())
            .take_while(|event| event.outcome == Outcome::Denied)
            .filter(|event| event.by.request.address != request.address);
        let Some(last) = failed.next() else {
            return Ok(None);
        };
        Ok(Some(FailuresSince {
            count: failed.count() + 1,
            address: last.by.request.address.to_string(),
            at: last.at,
        }))
    }
}
