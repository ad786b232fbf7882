//! Audit events, decoded from their rows.

use std::borrow::Cow;

use domain::{
    audit::event::{Action, ActorType, Attribution, AuditEvent, ObjectRef, ObjectType, Outcome},
    identity::{
        actor::RequestMeta,
        credential::{Credential, TokenKind},
    },
    platform::{
        id::{OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};

use super::event_row::{EventRow, column};
use crate::platform::StoreError;

/// An audit event with its number.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedEvent {
    /// Its number in the audit log, in the order of commits.
    pub number: i64,
    /// The event.
    pub event: AuditEvent,
}

impl<T: AsRef<str> + Into<String>> TryFrom<EventRow<T>> for RecordedEvent {
    type Error = StoreError;

    fn try_from(row: EventRow<T>) -> Result<Self, StoreError> {
        let credential = credential(&row)?;
        Ok(Self {
            number: row.number,
            event: AuditEvent {
                at: Timestamp::from_micros(row.at),
                organization_id: OrganizationId(
                    column("organization_id").id(row.organization_id.as_ref())?,
                ),
                action: column("action").required(Action::from_label(row.action.as_ref()))?,
                outcome: column("outcome").required(Outcome::from_label(row.outcome.as_ref()))?,
                changes: column("changes").parse_json(row.changes.as_ref())?,
                object: ObjectRef {
                    kind: ObjectType::from_stored(row.object_type.as_ref()),
                    id: column("object_id").id(row.object_id.as_ref())?,
                    name: row.object_name.into(),
                },
                by: Attribution {
                    actor_type: column("actor_type")
                        .required(ActorType::from_label(row.actor_type.as_ref()))?,
                    actor_id: column("actor_id").id(row.actor_id.as_ref())?,
                    actor_name: row.actor_name.into(),
                    actor_email: row.actor_email.into(),
                    credential,
                    request: RequestMeta {
                        id: RequestId(column("request_id").id(row.request_id.as_ref())?),
                        method: Cow::Owned(row.method.into()),
                        path: row.path.into(),
                        address: row.address.as_ref().into(),
                        client: row.client.as_ref().into(),
                    },
                },
            },
        })
    }
}

fn credential<T: AsRef<str>>(row: &EventRow<T>) -> Result<Option<Credential>, StoreError> {
    let Some(id) = &row.token_id else {
        return Ok(None);
    };
    let kind = row.token_kind.as_ref().map(T::as_ref);
    Ok(Some(Credential {
        id: column("token_id").id(id.as_ref())?,
        kind: column("token_kind").required(kind.and_then(TokenKind::from_label))?,
        name: row.token_name().to_owned(),
        last4: row.token_last4.as_ref().to_owned(),
    }))
}
