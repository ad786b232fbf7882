//! The trail: what was done and which calls were made, for whoever may audit.

use domain::{actor::Caller, id::Id, timestamp::Timestamp};
use store::{Call, CallWalk, EventFilter, RecordedEvent};

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
    /// Walks the acts in a part of the trail, in the order of commits, until `visit` says that it has enough.
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
        let mut filter = EventFilter {
            after: 0,
            from: range.from,
            to: range.to,
            object_type: None,
            object_id: range.object_id,
            actor_id: range.actor_id,
            token_id: range.token_id,
            limit: BATCH,
        };
        let mut read = self.store().read().await?;
        loop {
            let events = read.list_events(caller.organization_id(), &filter).await?;
            let Some(last) = events.last().map(|event| event.number) else {
                return Ok(());
            };
            filter.after = last;
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
        let organization_id = caller.organization_id();
        let mut walk = CallWalk::new(organization_id, range.from, range.to, writes);
        let mut read = self.store().read().await?;
        loop {
            let calls = read.next_calls(&mut walk).await?;
            if calls.is_empty() {
                return Ok(());
            }
            for call in calls {
                let by_actor = range
                    .actor_id
                    .is_none_or(|id| call.source.actor_id == Some(id));
                let token_id = call
                    .source
                    .credential
                    .as_ref()
                    .map(|credential| credential.id);
                let with_token = range.token_id.is_none_or(|id| token_id == Some(id));
                if by_actor && with_token && !visit(call) {
                    return Ok(());
                }
            }
        }
    }
}

fn check_auditor(caller: &Caller) -> Result<(), ServiceError> {
    if caller.actor().is_administrator() {
        Ok(())
    } else {
        Err(ServiceError::Denied(
            "Access denied: User does not have READ_AUDIT_EVENTS capability".to_owned(),
        ))
    }
}
