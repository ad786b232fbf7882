//! The NDJSON export for programs: one event or one call per line, with all fields.

use domain::{
    audit::event::{ActorType, Attribution},
    identity::credential::Credential,
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use serde::Serialize;
use serde_json::value::RawValue;
use store::{Call, CallSource, EventRow};

use crate::platform::error::ServiceError;

/// The actor: of an event and of a call alike.
#[derive(Debug, Serialize)]
pub(super) struct ActorLine<'a, T, I> {
    pub(super) r#type: T,
    pub(super) id: I,
    /// The full name of a user or the name of an org token.
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) email: &'a str,
}

/// The token or the browser session.
#[derive(Debug, Serialize)]
struct TokenLine<'a, I> {
    id: I,
    kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last4: &'a str,
}

/// The request and its origin.
#[derive(Debug, Serialize)]
struct RequestLine<'a, I> {
    id: I,
    method: &'a str,
    path: &'a str,
    address: &'a str,
    client: &'a str,
}

/// The object.
#[derive(Debug, Serialize)]
struct ObjectLine<'a> {
    r#type: &'a str,
    id: &'a str,
    name: &'a str,
}

/// An event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActLine<'a> {
    record: &'static str,
    number: i64,
    /// RFC 3339, in UTC.
    at: String,
    organization_id: &'a str,
    actor: ActorLine<'a, &'a str, &'a str>,
    token: Option<TokenLine<'a, &'a str>>,
    request: RequestLine<'a, &'a str>,
    action: &'a str,
    object: ObjectLine<'a>,
    outcome: &'a str,
    changes: &'a RawValue,
}

/// A call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallLine<'a> {
    record: &'static str,
    /// RFC 3339, in UTC.
    at: String,
    organization_id: Option<OrganizationId>,
    actor: ActorLine<'a, ActorType, Id>,
    token: Option<TokenLine<'a, Id>>,
    /// The first characters of the digest of a rejected credential.
    #[serde(skip_serializing_if = "str::is_empty")]
    fingerprint: &'a str,
    request: RequestLine<'a, RequestId>,
    route: &'a str,
    status: u16,
    duration_us: i64,
    bytes: i64,
}

fn token_line(credential: &Credential) -> TokenLine<'_, Id> {
    TokenLine {
        id: credential.id,
        kind: credential.kind.label(),
        name: &credential.name,
        last4: &credential.last4,
    }
}

/// The line of an event. The changes are copied as they are stored, because they are JSON already.
///
/// # Errors
/// [`ServiceError::Internal`] when the stored changes are not JSON.
pub(crate) fn event_line<'a>(row: &'a EventRow<&'a str>) -> Result<ActLine<'a>, ServiceError> {
    let changes = serde_json::from_str(row.changes);
    Ok(ActLine {
        record: "act",
        number: row.number,
        at: Timestamp::from_micros(row.at).to_rfc3339(),
        organization_id: row.organization_id,
        actor: ActorLine {
            r#type: row.actor_type,
            id: row.actor_id,
            name: row.actor_name,
            email: row.actor_email,
        },
        token: row
            .token_id
            .zip(row.token_kind)
            .map(|(id, kind)| TokenLine {
                id,
                kind,
                name: row.token_name(),
                last4: row.token_last4,
            }),
        request: RequestLine {
            id: row.request_id,
            method: row.method,
            path: row.path,
            address: row.address,
            client: row.client,
        },
        action: row.action,
        object: ObjectLine {
            r#type: row.object_type,
            id: row.object_id,
            name: row.object_name,
        },
        outcome: row.outcome,
        changes: changes.map_err(|error| ServiceError::Internal(Box::new(error)))?,
    })
}

/// The line of a call.
pub(crate) fn call_line(call: &Call) -> CallLine<'_> {
    let source = &*call.source;
    CallLine {
        record: "call",
        at: call.at.to_rfc3339(),
        organization_id: source.organization_id,
        actor: actor_of_call(source),
        token: source.credential.as_ref().map(token_line),
        fingerprint: &source.fingerprint,
        request: RequestLine {
            id: call.request_id,
            method: &call.method,
            path: &call.path,
            address: &source.address,
            client: &source.client,
        },
        route: &call.route,
        status: call.status,
        duration_us: call.duration_us,
        bytes: call.bytes,
    }
}

/// The caller. An unknown one is as in events of unauthenticated callers.
pub(super) fn actor_of_call(source: &CallSource) -> ActorLine<'_, ActorType, Id> {
    let (id, name) = match source.actor_id {
        Some(id) => (id, &*source.actor_name),
        None => (Id::SYSTEM, Attribution::UNAUTHENTICATED),
    };
    ActorLine {
        r#type: source.actor_type,
        id,
        name,
        email: &source.actor_email,
    }
}

/// Appends a line.
///
/// # Errors
/// [`ServiceError::Internal`] when the line cannot be serialized, which does not happen for these types.
pub(crate) fn put_line(lines: &mut Vec<u8>, line: &impl Serialize) -> Result<(), ServiceError> {
    serde_json::to_writer(&mut *lines, line)
        .map_err(|error| ServiceError::Internal(Box::new(error)))?;
    lines.push(b'\n');
    Ok(())
}
