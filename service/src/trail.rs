//! The trail: what was done and which calls were made, for whoever may audit.

use domain::{
    actor::Caller,
    id::Id,
    timestamp::Timestamp,
    trail::{TrailPlace, Turn},
};
use store::{Call, CallFilter, CallWalk, EventFilter, EventRow, RecordedEvent};

use crate::{error::ServiceError, open::Service};

/// Rows read at once while the trail is walked.
const BATCH: i64 = 1_000;

/// Which part of the trail to walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailRange {
    /// From this moment.
    pub from: Timestamp,
    /// To before this moment.
    pub to: Timestamp,
    /// Only by this actor.
    pub actor_id: Option<Id>,
    /// Only with this token.
    pub token_id: Option<Id>,
    /// Only about this object.
    pub object_id: Option<Id>,
}

impl Service {
    /// Walks the acts in a part of the trail, oldest first, until `visit` says that it has enough.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for everybody but administrators (contract 5.1).
    pub async fn walk_events(
        &self,
        caller: &Caller,
        range: &TrailRange,
        mut visit: impl FnMut(RecordedEvent) -> bool,
    ) -> Result<(), ServiceError> {
        check_auditor(caller)?;
        let filter = EventFilter {
            from: range.from,
            to: range.to,
            object_id: range.object_id,
            actor_id: range.actor_id,
            token_id: range.token_id,
            ..EventFilter::all(caller.organization_id())
        };
        let mut place = TrailPlace::before(range.from);
        let mut read = self.store().read().await?;
        loop {
            let events = read.list_events(&filter, Turn::Newer(place), BATCH).await?;
            let Some(last) = events.last().map(place_of_event) else {
                return Ok(());
            };
            place = last;
            for event in events {
                if !visit(event) {
                    return Ok(());
                }
            }
        }
    }

    /// Walks the calls in a part of the trail, those that read or those that ask for a change, oldest first, until `visit` says that it has enough. Calls that are
    /// still in memory are stored first, so that a caller finds what they just did. An object is no filter here:
    /// calls name paths.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for everybody but administrators (contract 5.1).
    pub async fn walk_calls(
        &self,
        caller: &Caller,
        range: &TrailRange,
        writes: bool,
        mut visit: impl FnMut(Call) -> bool,
    ) -> Result<(), ServiceError> {
        check_auditor(caller)?;
        self.flush_calls().await?;
        let filter = CallFilter {
            writes: Some(writes),
            actor_id: range.actor_id,
            token_id: range.token_id,
            ..CallFilter::between(caller.organization_id(), range.from, range.to)
        };
        let mut walk = CallWalk::new(filter, Turn::Newer(TrailPlace::before(range.from)));
        let mut read = self.store().read().await?;
        loop {
            let calls = read.next_calls(&mut walk).await?;
            if calls.is_empty() {
                return Ok(());
            }
            for call in calls {
                if !visit(call) {
                    return Ok(());
                }
            }
        }
    }
}

/// Where an event stands in the trail.
pub(crate) fn place_of_event(recorded: &RecordedEvent) -> TrailPlace {
    TrailPlace {
        at: recorded.event.at,
        number: recorded.number.unsigned_abs(),
    }
}

/// Where an event stands in the trail, as it was read.
pub(crate) const fn place_of_row(row: &EventRow<&str>) -> TrailPlace {
    TrailPlace {
        at: Timestamp::from_micros(row.at),
        number: row.number.unsigned_abs(),
    }
}

/// Where a call stands in the trail.
pub(crate) fn place_of_call(call: &Call) -> TrailPlace {
    TrailPlace {
        at: call.at,
        number: call.request_id.0.bits(),
    }
}

pub(crate) fn check_auditor(caller: &Caller) -> Result<(), ServiceError> {
    if caller.actor().is_administrator() {
        Ok(())
    } else {
        Err(ServiceError::Denied(
            "Access denied: User does not have READ_AUDIT_EVENTS capability".to_owned(),
        ))
    }
}
