//! Builds the audit events of an operation and commits with them.

use domain::{
    audit::event::{Action, Attribution, AuditEvent, FieldChange, ObjectRef, ObjectType, Outcome},
    identity::actor::Caller,
    platform::{id::Id, timestamp::Timestamp},
};
use store::{Record, Write};

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
        first: AuditEvent,
        more: Vec<AuditEvent>,
    ) -> Result<(), ServiceError> {
        let events: Vec<AuditEvent> = std::iter::once(first.clone())
            .chain(more.iter().cloned())
            .collect();
        write.commit(Record::of(first, more)).await?;
        self.apply(&events);
        Ok(())
    }

    /// Commits a write with its events, of which there must be at least one.
    pub(crate) async fn commit_all(
        &self,
        write: Write,
        events: Vec<AuditEvent>,
    ) -> Result<(), ServiceError> {
        let mut events = events.into_iter();
        match events.next() {
            Some(first) => self.commit(write, first, events.collect()).await,
            None => Ok(()),
        }
    }
}
