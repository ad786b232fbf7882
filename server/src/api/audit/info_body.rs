//! Info as the API returns it (docs/contract.md#info).

use domain::{
    audit::event::{ActorType, FieldChange},
    identity::{
        actor::{Caller, RequestMeta},
        credential::{Credential, TokenKind},
    },
    platform::{document::Document, id::Id, timestamp::Timestamp},
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{Info, InfoEntry, RecordedEvent, TokenData};

use super::{
    entry::Entry,
    schema::{ActorTypeLabel, ChangeShape, EntryShape},
};
use crate::api::platform::schema::{AnyObject, IdText, TokenKindLabel};

/// Who created, last updated and deleted an object.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Info", deny_unknown_fields)]
pub(super) struct InfoBody {
    resource_type: &'static str,
    #[schemars(with = "IdText")]
    resource_id: Id,
    name: String,
    /// Absent for a deleted object whose creation the audit log no longer has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "InfoOperationBody")]
    created: Option<InfoOperationBody>,
    /// Absent as `created`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "InfoOperationBody")]
    last_updated: Option<InfoOperationBody>,
    /// Of a deleted object.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "InfoOperationBody")]
    deleted: Option<InfoOperationBody>,
    /// The fields of a deleted object before its deletion.
    #[serde(skip_serializing_if = "Document::is_empty")]
    #[schemars(with = "AnyObject")]
    last_content: Document,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "InfoHistoryBody")]
    history: Option<InfoHistoryBody>,
}

/// An operation. Callers who are not administrators see `at` and `by` only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoOperation", deny_unknown_fields)]
struct InfoOperationBody {
    at: i64,
    by: InfoActorBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "InfoTokenBody")]
    token: Option<InfoTokenBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "InfoRequestBody")]
    request: Option<InfoRequestBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoActor", deny_unknown_fields)]
struct InfoActorBody {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ActorTypeLabel")]
    kind: Option<ActorType>,
    #[schemars(with = "IdText")]
    id: Id,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    email: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "InfoToken", deny_unknown_fields)]
struct InfoTokenBody {
    #[schemars(with = "IdText")]
    id: Id,
    #[schemars(with = "TokenKindLabel")]
    kind: TokenKind,
    name: String,
    last4: String,
    created_ms: Option<i64>,
    expiry_ms: Option<i64>,
    status: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "InfoRequest", deny_unknown_fields)]
struct InfoRequestBody {
    id: String,
    method: String,
    path: String,
    client_ip: String,
    user_agent: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoHistory", deny_unknown_fields)]
struct InfoHistoryBody {
    count: usize,
    results: Vec<InfoHistoryEntry>,
}

/// An entry of the audit log, with the values before and after.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoHistoryEntry")]
struct InfoHistoryEntry {
    #[serde(flatten)]
    #[schemars(with = "EntryShape")]
    entry: Entry,
    /// `done`, or `denied`: then nothing changed.
    outcome: &'static str,
    #[schemars(with = "Vec<ChangeShape>")]
    changes: Vec<FieldChange>,
}

impl InfoBody {
    pub(super) fn new(info: Info, caller: &Caller) -> Self {
        let history = info.history.map(|events| {
            let results: Vec<_> = events.into_iter().map(InfoHistoryEntry::from).collect();
            InfoHistoryBody {
                count: results.len(),
                results,
            }
        });
        let operation = |entry, changed| InfoOperationBody::new(entry, changed, caller);
        Self {
            resource_type: info.object.kind.label(),
            resource_id: info.object.id,
            name: info.object.name,
            created: info.created.map(|entry| operation(entry, Vec::new())),
            last_updated: info
                .updated
                .map(|entry| operation(entry, info.updated_fields)),
            deleted: info.deleted.map(|entry| operation(entry, Vec::new())),
            last_content: info.content,
            history,
        }
    }
}

impl InfoOperationBody {
    fn new(operation: InfoEntry, changed: Vec<String>, caller: &Caller) -> Self {
        let own_email = caller
            .user()
            .filter(|user| user.id.0 == operation.actor_id)
            .map(|user| user.email.clone());
        let mut body = Self {
            at: operation.at.as_millis(),
            by: InfoActorBody {
                kind: None,
                id: operation.actor_id,
                name: operation.actor_name,
                email: own_email,
            },
            token: None,
            request: None,
            changed,
        };
        if let Some(detail) = operation.detail {
            body.by.kind = Some(detail.actor_type);
            body.by.email = Some(detail.actor_email).filter(|email| !email.is_empty());
            body.token = detail.token.map(InfoTokenBody::from);
            body.request = detail.request.map(InfoRequestBody::from);
        }
        body
    }
}

impl From<(Credential, TokenData)> for InfoTokenBody {
    fn from((credential, token): (Credential, TokenData)) -> Self {
        Self {
            id: credential.id,
            kind: credential.kind,
            name: credential.name,
            last4: credential.last4,
            created_ms: token.created_at.map(Timestamp::as_millis),
            expiry_ms: token.expires_at.map(Timestamp::as_millis),
            status: token.state.label(),
        }
    }
}

impl From<RequestMeta> for InfoRequestBody {
    fn from(request: RequestMeta) -> Self {
        Self {
            id: request.id.to_string(),
            method: request.method.into_owned(),
            path: request.path,
            client_ip: request.address.to_string(),
            user_agent: request.client.to_string(),
        }
    }
}

impl From<RecordedEvent> for InfoHistoryEntry {
    fn from(recorded: RecordedEvent) -> Self {
        Self {
            entry: Entry::of_event(&recorded),
            outcome: recorded.event.outcome.label(),
            changes: recorded.event.changes,
        }
    }
}
