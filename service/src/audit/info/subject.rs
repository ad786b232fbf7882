//! The subject of Info: an object that exists, or one of which only events are left.

use domain::{
    audit::{
        content::last_content,
        event::{Action, Effect, ObjectRef, ObjectType, Outcome},
        query::{AuditPosition, PageDirection},
    },
    identity::actor::Caller,
    objects::object::Stamp,
    platform::{document::Document, id::Id, timestamp::Timestamp},
};
use store::{EventFilter, RecordedEvent};

use crate::{audit::handle::Audit, platform::error::ServiceError};

/// Maximum number of events in the history of an object.
pub(super) const LISTED_EVENTS: i64 = 200;

const OLDEST: PageDirection =
    PageDirection::Newer(AuditPosition::before(Timestamp::from_micros(i64::MIN)));

/// An object that the caller may read, or a deleted one.
#[derive(Debug, Clone)]
pub struct Subject {
    pub(crate) object: ObjectRef,
    pub(crate) created: Option<Trace>,
    pub(crate) updated: Option<Trace>,
    pub(crate) deleted: Option<Stamp>,
    pub(crate) content: Document,
}

/// What is known of an operation on a subject.
#[derive(Debug, Clone)]
pub(crate) enum Trace {
    /// Actor, credential and request.
    Event(Box<Stamp>),
    /// The time and the actor: retention has removed the event.
    Actor { at: Timestamp, id: Id },
}

impl Trace {
    pub(super) fn of(stamp: Stamp) -> Self {
        Self::Event(Box::new(stamp))
    }
}

impl Subject {
    /// An object that exists.
    pub(crate) fn present(object: ObjectRef, created: Stamp, updated: Stamp) -> Self {
        Self::of(object, Trace::of(created), Trace::of(updated))
    }

    fn of(object: ObjectRef, created: Trace, updated: Trace) -> Self {
        Self {
            object,
            created: Some(created),
            updated: Some(updated),
            deleted: None,
            content: Document::new(),
        }
    }
}

impl Audit {
    /// A member as a subject. The row of a member has the times and actors of its stamps; the audit log has the rest.
    pub(crate) async fn member_subject(
        &self,
        caller: &Caller,
        member: ObjectRef,
        created: (Timestamp, Id),
        updated: (Timestamp, Id),
    ) -> Result<Subject, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let filter = done_events(caller, ObjectType::Member, member.id);
        let first = read.list_events(&filter, OLDEST, 1).await?.pop();
        // An invited member sets a password, so the event of that creation has the member as its actor. Retention may
        // have removed the event of the invitation.
        let first = first.filter(|recorded| {
            let is_creation = matches!(recorded.event.action, Action::Create | Action::Invite);
            is_creation && recorded.event.by.actor_id == created.1
        });
        let newest = read.list_events(&filter, PageDirection::NEWEST, 1).await?;
        let trace = |recorded: Option<RecordedEvent>, (at, id)| {
            recorded.map_or(Trace::Actor { at, id }, |recorded| {
                Trace::of(stamp(recorded))
            })
        };
        let updated = trace(newest.into_iter().next(), updated);
        Ok(Subject::of(member, trace(first, created), updated))
    }

    /// An object from its events alone: one that is deleted, or that has no other record. `None` when the audit log has
    /// no event about it.
    pub(crate) async fn subject_of_events(
        &self,
        caller: &Caller,
        kind: ObjectType,
        id: Id,
    ) -> Result<Option<Subject>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let filter = done_events(caller, kind, id);
        let first = read.list_events(&filter, OLDEST, 1).await?.pop();
        let mut events = read
            .list_events(&filter, PageDirection::NEWEST, LISTED_EVENTS)
            .await?;
        events.reverse();
        let Some(newest) = events.last() else {
            return Ok(None);
        };
        let object = newest.event.object.clone();
        let content = last_content(events.iter().map(|recorded| &recorded.event));
        let last_with = |effects: &[Effect]| {
            let found = events.iter().rev();
            let mut found = found.filter(|found| effects.contains(&found.event.action.effect()));
            found.next().cloned().map(stamp)
        };
        let created = first.filter(|first| first.event.action.effect() == Effect::Begins);
        Ok(Some(Subject {
            object,
            created: created.map(stamp).map(Trace::of),
            updated: last_with(&[Effect::Begins, Effect::Changes]).map(Trace::of),
            deleted: last_with(&[Effect::Ends]),
            content,
        }))
    }
}

fn done_events(caller: &Caller, kind: ObjectType, id: Id) -> EventFilter {
    EventFilter {
        object_id: Some(id),
        object_type: Some(kind),
        outcome: Some(Outcome::Done),
        ..EventFilter::all(caller.organization_id())
    }
}

fn stamp(recorded: RecordedEvent) -> Stamp {
    Stamp {
        at: recorded.event.at,
        by: recorded.event.by,
    }
}
