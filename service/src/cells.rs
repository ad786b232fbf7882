//! One act and one call as the cells of a table, in the order of its columns: the flat form in which the record is taken
//! away, for people with a spreadsheet. [`crate::lines`] is the form for programs.

use domain::audit::ActorType;
use store::{Call, RecordedEvent};

/// What stands above a table of acts.
pub(crate) const ACT_COLUMNS: [&str; 22] = [
    "record",
    "at",
    "number",
    "organizationId",
    "actorType",
    "actorId",
    "actorName",
    "actorEmail",
    "tokenId",
    "tokenKind",
    "tokenLast4",
    "action",
    "outcome",
    "objectType",
    "objectId",
    "objectName",
    "requestId",
    "method",
    "path",
    "address",
    "client",
    "changes",
];

/// What stands above a table of calls.
pub(crate) const CALL_COLUMNS: [&str; 17] = [
    "record",
    "at",
    "requestId",
    "organizationId",
    "actorId",
    "actorName",
    "tokenId",
    "tokenKind",
    "fingerprint",
    "method",
    "route",
    "path",
    "status",
    "durationUs",
    "bytes",
    "address",
    "client",
];

/// Puts the cells of an act.
pub(crate) fn act_cells(recorded: &RecordedEvent, put: &mut dyn FnMut(&str)) {
    let event = &recorded.event;
    let (by, request) = (&event.by, &event.by.request);
    let credential = by.credential.as_ref();
    let actor_type = match by.actor_type {
        ActorType::User => "USER",
        ActorType::OrgToken => "ORG_TOKEN",
        ActorType::System => "SYSTEM",
    };
    put("act");
    put(&event.at.to_rfc3339());
    put(&recorded.number.to_string());
    put(&event.organization_id.to_string());
    put(actor_type);
    put(&by.actor_id.to_string());
    put(&by.actor_name);
    put(&by.actor_email);
    put(&credential
        .map(|credential| credential.id.to_string())
        .unwrap_or_default());
    put(credential.map_or("", |credential| credential.kind.label()));
    put(credential.map_or("", |credential| &credential.last4));
    put(event.action.label());
    put(event.outcome.label());
    put(event.object.kind.label());
    put(&event.object.id.to_string());
    put(&event.object.name);
    put(&request.id.to_string());
    put(&request.method);
    put(&request.path);
    put(&request.address);
    put(&request.client);
    put(&serde_json::to_string(&event.changes).unwrap_or_default());
}

/// Puts the cells of a call.
pub(crate) fn call_cells(call: &Call, put: &mut dyn FnMut(&str)) {
    let source = &*call.source;
    let credential = source.credential.as_ref();
    put("call");
    put(&call.at.to_rfc3339());
    put(&call.request_id.to_string());
    put(&source
        .organization_id
        .map(|id| id.to_string())
        .unwrap_or_default());
    put(&source.actor_id.map(|id| id.to_string()).unwrap_or_default());
    put(&source.actor_name);
    put(&credential
        .map(|credential| credential.id.to_string())
        .unwrap_or_default());
    put(credential.map_or("", |credential| credential.kind.label()));
    put(&source.fingerprint);
    put(&call.method);
    put(&call.route);
    put(&call.path);
    put(&call.status.to_string());
    put(&call.duration_us.to_string());
    put(&call.bytes.to_string());
    put(&source.address);
    put(&source.client);
}
