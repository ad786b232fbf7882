//! The audit events of one commit: a list that cannot be empty, so that no change is committed without an event.

use std::iter;

use crate::audit::event::AuditEvent;

/// The events of one commit, in order: at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    first: AuditEvent,
    rest: Vec<AuditEvent>,
}

impl Events {
    /// One event, and those of other changes that follow from it.
    #[must_use]
    pub fn of(first: AuditEvent, rest: impl IntoIterator<Item = AuditEvent>) -> Self {
        Self {
            first,
            rest: rest.into_iter().collect(),
        }
    }

    /// These events; `None` if the list is empty, so that there is nothing to commit.
    #[must_use]
    pub fn from_list(events: Vec<AuditEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        events.next().map(|first| Self::of(first, events))
    }

    /// These events, after earlier ones.
    #[must_use]
    pub fn after(self, earlier: Vec<AuditEvent>) -> Self {
        match Self::from_list(earlier) {
            Some(earlier) => Self::of(earlier.first, earlier.rest.into_iter().chain(self)),
            None => self,
        }
    }

    /// Adds an event at the end.
    pub fn push(&mut self, event: AuditEvent) {
        self.rest.push(event);
    }

    /// The events, in order.
    pub fn iter(&self) -> impl Iterator<Item = &AuditEvent> {
        iter::once(&self.first).chain(&self.rest)
    }
}

impl From<AuditEvent> for Events {
    fn from(event: AuditEvent) -> Self {
        Self::of(event, [])
    }
}

impl IntoIterator for Events {
    type Item = AuditEvent;
    type IntoIter = iter::Chain<iter::Once<AuditEvent>, std::vec::IntoIter<AuditEvent>>;

    fn into_iter(self) -> Self::IntoIter {
        iter::once(self.first).chain(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        audit::event::{Action, ActorType, Attribution, ObjectRef, ObjectType, Outcome},
        identity::actor::RequestMeta,
        platform::{
            id::{Id, OrganizationId, RequestId},
            timestamp::Timestamp,
        },
    };

    fn event(name: &str) -> AuditEvent {
        AuditEvent {
            at: Timestamp::from_micros(1),
            organization_id: OrganizationId(Id::from_bits(1)),
            by: Attribution {
                actor_type: ActorType::System,
                actor_id: Id::SYSTEM,
                actor_name: String::new(),
                actor_email: String::new(),
                credential: None,
                request: RequestMeta {
                    id: RequestId(Id::from_bits(2)),
                    method: "".into(),
                    path: String::new(),
                    address: Arc::from(""),
                    client: Arc::from(""),
                },
            },
            action: Action::Create,
            object: ObjectRef {
                kind: ObjectType::Chart,
                id: Id::from_bits(3),
                name: name.to_owned(),
            },
            outcome: Outcome::Done,
            changes: Vec::new(),
        }
    }

    fn check(events: Events, expected: &[&str]) {
        let names: Vec<_> = events
            .iter()
            .map(|event| event.object.name.clone())
            .collect();
        assert_eq!(names, expected);
        let names: Vec<_> = events.into_iter().map(|event| event.object.name).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn an_empty_list_is_nothing_to_commit() {
        assert_eq!(Events::from_list(Vec::new()), None);
    }

    #[test]
    fn events_keep_their_order() {
        check(Events::from(event("a")), &["a"]);
        let mut events = Events::from_list(vec![event("c"), event("d")]).unwrap();
        events.push(event("e"));
        check(events.clone(), &["c", "d", "e"]);
        check(events.clone().after(Vec::new()), &["c", "d", "e"]);
        let events = events.after(vec![event("a"), event("b")]);
        check(events, &["a", "b", "c", "d", "e"]);
    }
}
