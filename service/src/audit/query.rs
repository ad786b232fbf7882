//! Walks through the audit log and the call log, for the audit API and exports.

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

/// Number of events in the first read of a walk: one page in most cases. Each further read is twice as large.
const FIRST_BATCH: i64 = 128;

/// Maximum number of events in one read.
const BATCH: i64 = 1_024;

/// Number of calls whose events are loaded together: one page in most cases.
const CALLS_AT_ONCE: usize = 128;

/// The part of the log to walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRange {
    /// The start of the time range, inclusive.
    pub from: Timestamp,
    /// The end of the time range, exclusive.
    pub to: Timestamp,
    /// Only operations of this actor.
    pub actor_id: Option<Id>,
    /// Only operations with this token.
    pub token_id: Option<Id>,
    /// Only operations on this object.
    pub object_id: Option<Id>,
    /// Newest first instead of oldest first.
    pub newest_first: bool,
}

impl AuditRange {
    /// Leaves out what comes before a whole millisecond in the order of the walk.
    pub fn begin_at(&mut self, at: Timestamp) {
        if self.newest_first {
            self.to = self.to.min(at.plus_millis(1));
        } else {
            self.from = self.from.max(at);
        }
    }

    fn direction(&self) -> PageDirection {
        if self.newest_first {
            PageDirection::Older(AuditPosition::before(self.to))
        } else {
            PageDirection::Newer(AuditPosition::before(self.from))
        }
    }
}

impl Audit {
    /// Walks the events of a range in order until `visit` returns `false`.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for callers who are not administrators (docs/contract.md#audit-events).
    pub async fn walk_events(
        &self,
        caller: &Caller,
        range: &AuditRange,
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
        let mut direction = range.direction();
        let mut batch = FIRST_BATCH;
        let mut read = self.platform.store().read().await?;
        loop {
            let mut seen = 0;
            let mut has_enough = false;
            read.visit_events(&filter, direction, batch, |row| {
                seen += 1;
                direction = match direction {
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

    /// Walks the calls of a range in order, either reads or changes, until `visit` returns `false`. Each call comes
    /// with its audit event, if it has one. Calls still in memory are stored first, so that a caller finds their own
    /// latest calls. The object filter is ignored, because calls have paths instead of objects.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for callers who are not administrators (docs/contract.md#audit-events).
    pub async fn walk_calls(
        &self,
        caller: &Caller,
        range: &AuditRange,
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
        let mut walk = CallWalk::new(filter, range.direction());
        let mut read = self.platform.store().read().await?;
        loop {
            let calls = read.next_calls(&mut walk).await?;
            if calls.is_empty() {
                return Ok(());
            }
            for some in calls.chunks(CALLS_AT_ONCE) {
                let events = read.list_events_of_calls(some).await?;
                for call in some {
                    let event = events.get(&call.request_id).map(|event| &event.event);
                    if !visit(call, event) {
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// The position of an event in the log.
pub(crate) fn place_of_event(recorded: &RecordedEvent) -> AuditPosition {
    AuditPosition {
        at: recorded.event.at,
        number: recorded.number.unsigned_abs(),
    }
}

/// The position of an event row in the log.
pub(crate) const fn place_of_row(row: &EventRow<&str>) -> AuditPosition {
    AuditPosition {
        at: Timestamp::from_micros(row.at),
        number: row.number.unsigned_abs(),
    }
}

/// The position of a call in the log.
pub(crate) fn place_of_call(call: &Call) -> AuditPosition {
    AuditPosition {
        at: call.at,
        number: call.request_id.0.bits(),
    }
}

pub(crate) fn check_auditor(caller: &Caller) -> Result<(), ServiceError> {
    caller
        .authorize_administrator()
        .map_err(|_| denied_reading())
}

/// The denial of reading the logs (docs/contract.md#audit-events).
pub(crate) fn denied_reading() -> ServiceError {
    let words = "Access denied: User does not have READ_AUDIT_EVENTS capability";
    ServiceError::Denied(words.to_owned())
}
