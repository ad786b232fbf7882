//! The failed sign-ins of an account since its owner last entered the password, which the owner sees at the next time.

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

/// Limit on the failures that are counted.
const COUNTED: i64 = 100;

/// Limit on the denied events that are searched for them: there can be many of other members.
const SEARCHED: i64 = 10_000;

/// Limit on the days that are searched.
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
    /// Finds the failed sign-ins of a member since the member last entered the password in a browser, except those from
    /// the address of this request: most likely the member has mistyped the password.
    pub(crate) async fn failures_since_password(
        &self,
        member: &Member,
        request: &RequestMeta,
    ) -> Result<Option<FailuresSince>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let oldest = self.platform.now().plus_days(-DAYS);
        let entered = read.newest_password(member.id).await?;
        let mut filter = EventFilter {
            actor_id: Some(member.id.0),
            action: Some(Action::SignIn),
            outcome: Some(Outcome::Denied),
            from: entered.map_or(oldest, |at| oldest.max(after(at))),
            ..EventFilter::all(member.organization_id)
        };
        let newest = PageDirection::NEWEST;
        let end = read
            .find_range_end_of_events(&filter, newest, SEARCHED)
            .await?;
        filter.from = end.unwrap_or(filter.from);
        let events = read.list_events(&filter, newest, COUNTED).await?;
        let mut failed = events
            .into_iter()
            .map(|recorded| recorded.event)
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

/// The earliest time after this one.
const fn after(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_micros() + 1)
}
