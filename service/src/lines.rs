//! The record as lines of JSON, for programs that read it elsewhere: one act or one call a line, all facts spelled out.

use domain::{
    actor::Credential,
    audit::{ActorType, FieldChange},
    id::{Id, OrganizationId, RequestId},
};
use serde::Serialize;
use store::{Call, RecordedEvent};

/// Who did it.
#[derive(Debug, Serialize)]
struct ActorLine<'a> {
    r#type: Option<ActorType>,
    id: Option<Id>,
    /// A user's full name, an org token's name.
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
}

/// With which token, or signed-in browser.
#[derive(Debug, Serialize)]
struct TokenLine<'a> {
    id: Id,
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last4: &'a str,
}

/// By which request, from where.
#[derive(Debug, Serialize)]
struct RequestLine<'a> {
    id: RequestId,
    method: &'a str,
    path: &'a str,
    address: &'a str,
    client: &'a str,
}

/// To what.
#[derive(Debug, Serialize)]
struct ObjectLine<'a> {
    r#type: &'static str,
    id: Id,
    name: &'a str,
}

/// An act.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActLine<'a> {
    record: &'static str,
    number: i64,
    /// RFC 3339, in UTC.
    at: String,
    organization_id: OrganizationId,
    actor: ActorLine<'a>,
    token: Option<TokenLine<'a>>,
    request: RequestLine<'a>,
    action: &'static str,
    object: ObjectLine<'a>,
    outcome: &'static str,
    changes: &'a [FieldChange],
}

/// A call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallLine<'a> {
    record: &'static str,
    /// RFC 3339, in UTC.
    at: String,
    organization_id: Option<OrganizationId>,
    actor: ActorLine<'a>,
    token: Option<TokenLine<'a>>,
    /// The first characters of the digest of a credential that was refused.
    #[serde(skip_serializing_if = "str::is_empty")]
    fingerprint: &'a str,
    request: RequestLine<'a>,
    route: &'a str,
    status: u16,
    duration_us: i64,
    bytes: i64,
}

fn token_line(credential: &Credential) -> TokenLine<'_> {
    TokenLine {
        id: credential.id,
        kind: credential.kind.label(),
        last4: &credential.last4,
    }
}

/// An act as a line.
pub(crate) fn act_line(recorded: &RecordedEvent) -> ActLine<'_> {
    let event = &recorded.event;
    let (by, request) = (&event.by, &event.by.request);
    ActLine {
        record: "act",
        number: recorded.number,
        at: event.at.to_rfc3339(),
        organization_id: event.organization_id,
        actor: ActorLine {
            r#type: Some(by.actor_type),
            id: Some(by.actor_id),
            name: &by.actor_name,
            email: &by.actor_email,
        },
        token: by.credential.as_ref().map(token_line),
        request: RequestLine {
            id: request.id,
            method: &request.method,
            path: &request.path,
            address: &request.address,
            client: &request.client,
        },
        action: event.action.label(),
        object: ObjectLine {
            r#type: event.object.kind.label(),
            id: event.object.id,
            name: &event.object.name,
        },
        outcome: event.outcome.label(),
        changes: &event.changes,
    }
}

/// A call as a line.
pub(crate) fn call_line(call: &Call) -> CallLine<'_> {
    let source = &*call.source;
    CallLine {
        record: "call",
        at: call.at.to_rfc3339(),
        organization_id: source.organization_id,
        actor: ActorLine {
            r#type: None,
            id: source.actor_id,
            name: &source.actor_name,
            email: "",
        },
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
