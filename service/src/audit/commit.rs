//! Builds the audit events of an operation and commits with them.

use domain::{
    audit::{
        event::{Action, Attribution, AuditEvent, FieldChange, ObjectRef, ObjectType, Outcome},
        events::Events,
    },
    identity::actor::Caller,
    platform::{id::Id, timestamp::Timestamp},
};
use store::Write;

use crate::{audit::handle::Audit, platform::error::ServiceError};

/// The object of an event.
pub(crate) fn object(kind: ObjectType, id: impl Into<Id>, name: impl Into<String>) -> ObjectRef {
    ObjectRef {
        kind,
        id: id.into(),
        name: name.into(),
    }
}

/// The event of an operation that succeeded.
pub(crate) fn done(
    caller: &Caller,
    at: Timestamp,
    action: Action,
    object: ObjectRef,
    changes: Vec<FieldChange>,
) -> AuditEvent {
    AuditEvent {
        at,
        organization_id: caller.organization_id(),
        by: Attribution::of(caller),
        action,
        object,
        outcome: Outcome::Done,
        changes,
    }
}

impl Audit {
    /// Commits a write with its events and evicts the affected cache entries of this node.
    pub(crate) async fn commit(
        &self,
        write: Write,
        events: impl Into<Events>,
    ) -> Result<(), ServiceError> {
        let events = events.into();
        write.commit(events.clone()).await?;
        self.apply(&events);
        Ok(())
    }

    /// Commits a write that may have changed nothing: without events it is dropped.
    pub(crate) async fn commit_changes(
        &self,
        write: Write,
        events: Vec<AuditEvent>,
    ) -> Result<(), ServiceError> {
        match Events::from_list(events) {
            Some(events) => self.commit(write, events).await,
            None => Ok(()),
        }
    }
}
