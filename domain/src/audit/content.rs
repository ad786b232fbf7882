//! The last content of a deleted object, from its audit events.

use serde_json::{Map, Value};

use crate::audit::{action::Effect, event::AuditEvent};

/// The content of an object after these events, oldest first. An event that deletes an object has all of its content;
/// where it has none, the content follows from the events before. Fields that only older events had are missing.
pub fn last_content<'a>(events: impl IntoIterator<Item = &'a AuditEvent>) -> Map<String, Value> {
    let mut content = Map::new();
    for event in events {
        match event.action.effect() {
            Effect::Ends if !event.changes.is_empty() => {
                let removed = event.changes.iter();
                content = removed
                    .filter_map(|change| Some((change.field.clone(), change.before.clone()?)))
                    .collect();
            }
            Effect::Begins | Effect::Changes => {
                for change in &event.changes {
                    match &change.after {
                        Some(value) => content.insert(change.field.clone(), value.clone()),
                        None => content.shift_remove(&change.field),
                    };
                }
            }
            Effect::Ends | Effect::Reads => {}
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        audit::event::{Action, Attribution, FieldChange, ObjectRef, ObjectType, Outcome},
        identity::actor::RequestMeta,
        platform::{
            id::{Id, OrganizationId, RequestId},
            timestamp::Timestamp,
        },
    };

    /// An event with changes of fields from one value to another; `null` is an absent value.
    fn event(action: Action, changes: &[(&str, Value, Value)]) -> AuditEvent {
        let present = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
        let request = RequestMeta::of_system(RequestId(Id::from_bits(2)), "countersign".into());
        AuditEvent {
            at: Timestamp::from_micros(1),
            organization_id: OrganizationId(Id::from_bits(1)),
            by: Attribution::of_unauthenticated(request),
            action,
            object: ObjectRef {
                kind: ObjectType::Chart,
                id: Id::from_bits(3),
                name: String::new(),
            },
            outcome: Outcome::Done,
            changes: changes
                .iter()
                .map(|(field, before, after)| FieldChange {
                    field: (*field).to_owned(),
                    before: present(before),
                    after: present(after),
                })
                .collect(),
        }
    }

    fn check(events: &[AuditEvent], expected: Value) {
        assert_eq!(Value::Object(last_content(events)), expected);
    }

    #[test]
    fn a_deletion_has_the_last_content() {
        let none = Value::Null;
        let created = event(Action::Create, &[("name", none.clone(), json!("a"))]);
        let deleted = event(Action::Delete, &[("name", json!("b"), none)]);
        check(&[created, deleted], json!({"name": "b"}));
    }

    #[test]
    fn without_content_in_the_deletion_it_follows_from_the_events_before() {
        let none = Value::Null;
        let events = [
            event(
                Action::Create,
                &[
                    ("email", none.clone(), json!("a@x")),
                    ("title", none.clone(), json!("SRE")),
                ],
            ),
            event(Action::Grant, &[("roles", none.clone(), json!("power"))]),
            event(Action::Update, &[("title", json!("SRE"), none.clone())]),
            event(Action::Reveal, &[("secret", none, json!("x"))]),
            event(Action::Delete, &[]),
        ];
        check(&events, json!({"email": "a@x", "roles": "power"}));
    }
}
