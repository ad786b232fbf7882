//! Audit events, decoded from their rows.

use std::borrow::Cow;

use domain::{
    audit::event::{Action, Attribution, AuditEvent, ObjectRef, ObjectType, Outcome},
    identity::{
        actor::RequestMeta,
        credential::{Credential, TokenKind},
    },
    platform::{
        id::{OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};

use super::event_row::{EventRow, actor_type_of, column};
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
                    kind: column("object_type")
                        .required(ObjectType::from_label(row.object_type.as_ref()))?,
                    id: column("object_id").id(row.object_id.as_ref())?,
                    name: row.object_name.into(),
                },
                by: Attribution {
                    actor_type: column("actor_type")
                        .required(actor_type_of(row.actor_type.as_ref()))?,
                    actor_id: column("actor_id").id(row.actor_id.as_ref())?,
                    actor_name: row.actor_name.into(),
                    actor_email: row.actor_email.into(),
                    credential: credential(row.token_id, row.token_kind, row.token_last4)?,
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

fn credential<T: AsRef<str> + Into<String>>(
    id: Option<T>,
    kind: Option<T>,
    last4: T,
) -> Result<Option<Credential>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let kind = kind.as_ref().map(T::as_ref);
    Ok(Some(Credential {
        id: column("token_id").id(id.as_ref())?,
        kind: column("token_kind").required(kind.and_then(TokenKind::from_label))?,
        last4: last4.into(),
    }))
}
