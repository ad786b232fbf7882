//! The columns of an audit event and of a call in a CSV export, for use in a spreadsheet.
//! [`crate::audit::export::ndjson`] is the export format for programs.

use domain::platform::timestamp::Timestamp;
use store::{Call, EventRow};

use crate::audit::export::ndjson::actor_of_call;

/// The header of a CSV export of events.
pub(crate) const EVENT_COLUMNS: [&str; 23] = [
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
    "tokenName",
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

/// The header of a CSV export of calls.
pub(crate) const CALL_COLUMNS: [&str; 21] = [
    "record",
    "at",
    "requestId",
    "organizationId",
    "actorType",
    "actorId",
    "actorName",
    "actorEmail",
    "tokenId",
    "tokenKind",
    "tokenName",
    "tokenLast4",
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

/// Writes the fields of an event.
pub(crate) fn event_cells(row: &EventRow<&str>, put: &mut dyn FnMut(&str)) {
    put("act");
    put(&Timestamp::from_micros(row.at).to_rfc3339());
    put(&row.number.to_string());
    put(row.organization_id);
    put(row.actor_type);
    put(row.actor_id);
    put(row.actor_name);
    put(row.actor_email);
    put(row.token_id.unwrap_or_default());
    put(row.token_kind.unwrap_or_default());
    put(row.token_name());
    put(row.token_last4);
    put(row.action);
    put(row.outcome);
    put(row.object_type);
    put(row.object_id);
    put(row.object_name);
    put(row.request_id);
    put(row.method);
    put(row.path);
    put(row.address);
    put(row.client);
    put(row.changes);
}

/// Writes the fields of a call.
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
    let actor = actor_of_call(source);
    put(actor.r#type.label());
    put(&actor.id.to_string());
    put(actor.name);
    put(actor.email);
    put(&credential
        .map(|credential| credential.id.to_string())
        .unwrap_or_default());
    put(credential.map_or("", |credential| credential.kind.label()));
    put(credential.map_or("", |credential| &credential.name));
    put(credential.map_or("", |credential| &credential.last4));
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
