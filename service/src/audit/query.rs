//! The trail: what was done and which calls were made, for whoever may audit.

use std::ops::ControlFlow;

use domain::{
    audit::{
        event::AuditEvent,
        query::{AuditPosition, PageDirection},
    },
    identity::actor::Caller,
    platform::{id::Id, timestamp::Timestamp},
};
use store::{Call, CallFilter, CallWalk, EventFilter, EventRow, RecordedEvent};

use crate::{audit::handle::Audit, platform::error::ServiceError};

/// Acts read first while the trail is walked: a page, in most cases. Then twice as many each time.
const FIRST_BATCH: i64 = 128;

/// Acts read at once at most.
const BATCH: i64 = 1_024;

/// Calls whose acts are looked for at once: a page, in most cases.
const CALLS_AT_ONCE: usize = 128;

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
    /// From the newest on, and not from the oldest.
    pub newest_first: bool,
}

impl TrailRange {
    fn turn(&self) -> PageDirection {
        if self.newest_first {
            PageDirection::Older(AuditPosition::before(self.to))
        } else {
            PageDirection::Newer(AuditPosition::before(self.from))
        }
    }
}

impl Audit {
    /// Walks the acts in a part of the trail, from one end to the other, until `visit` says that it has enough.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for everybody but administrators (docs/contract.md#audit-events).
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
        let mut turn = range.turn();
        let mut batch = FIRST_BATCH;
        let mut read = self.platform.store().read().await?;
        loop {
            let mut seen = 0;
            let mut has_enough = false;
            read.visit_events(&filter, turn, batch, |row| {
                seen += 1;
                turn = match turn {
                    PageDirection::Older(_) => PageDirection::Older(place_of_row(&row)),
                    PageDirection::Newer(_) => PageDirection::Newer(place_of_row(&row)),
                };
                has_enough = !visit(RecordedEvent::try_from(row)?);
                Ok::<_, ServiceError>(if has_enough {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })
            .await?;
            if has_enough || seen < batch {
                return Ok(());
            }
            batch = BATCH.min(batch * 2);
        }
    }

    /// Walks the calls in a part of the trail, those that read or those that ask for a change, from one end to the
    /// other, until `visit` says that it has enough. Each is told with the act it asked for. Calls that are still in
    /// memory are stored first, so that a caller finds what they just did. An object is no filter here: calls name
    /// paths.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for everybody but administrators (docs/contract.md#audit-events).
    pub async fn walk_calls(
        &self,
        caller: &Caller,
        range: &TrailRange,
        writes: bool,
        mut visit: impl FnMut(&Call, Option<&AuditEvent>) -> bool,
    ) -> Result<(), ServiceError> {
        check_auditor(caller)?;
        if writes {
            self.flush_calls_of_changes().await?;
        } else {
            self.flush_calls().await?;
        }
        let filter = CallFilter {
            writes: Some(writes),
            actor_id: range.actor_id,
            token_id: range.token_id,
            ..CallFilter::between(caller.organization_id(), range.from, range.to)
        };
        let mut walk = CallWalk::new(filter, range.turn());
        let mut read = self.platform.store().read().await?;
        loop {
            let calls = read.next_calls(&mut walk).await?;
            if calls.is_empty() {
                return Ok(());
            }
            for some in calls.chunks(CALLS_AT_ONCE) {
                let acts = read.list_events_of_calls(some).await?;
                for call in some {
                    let act = acts.get(&call.request_id).map(|act| &act.event);
                    if !visit(call, act) {
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// Where an event stands in the trail.
pub(crate) fn place_of_event(recorded: &RecordedEvent) -> AuditPosition {
    AuditPosition {
        at: recorded.event.at,
        number: recorded.number.unsigned_abs(),
    }
}

/// Where an event stands in the trail, as it was read.
pub(crate) const fn place_of_row(row: &EventRow<&str>) -> AuditPosition {
    AuditPosition {
        at: Timestamp::from_micros(row.at),
        number: row.number.unsigned_abs(),
    }
}

/// Where a call stands in the trail.
pub(crate) fn place_of_call(call: &Call) -> AuditPosition {
    AuditPosition {
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
