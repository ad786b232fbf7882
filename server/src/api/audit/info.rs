//! `/v2/audit/info/{type}/{id}`: who made and last changed an object, with which token (docs/contract.md#info).

use axum::{Json, extract::State};
use domain::{
    audit::event::{ActorType, FieldChange, ObjectType},
    identity::{
        actor::{Caller, RequestMeta},
        credential::{Credential, TokenKind},
    },
    platform::id::Id,
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{ActDetail, Info, InfoAct, RecordedEvent, Service, TokenFacts};

use crate::api::audit::{
    present::Entry,
    schema::{ActorLabel, Change, EntryShape},
};
use crate::api::platform::{
    auth_guard::By,
    error::ApiError,
    path::WordAndId,
    schema::{IdText, TokenKindLabel},
};

pub(crate) async fn describe(
    State(service): State<Service>,
    By(caller): By,
    WordAndId(kind, id): WordAndId,
) -> Result<Json<InfoBody>, ApiError> {
    let kind = ObjectType::from_label(&kind)
        .ok_or_else(|| ApiError::not_found("There is no such type of object."))?;
    let subject = service.find_subject(&caller, kind, id).await?;
    let info = service.audit().info(&caller, subject).await?;
    Ok(Json(InfoBody::new(info, &caller)))
}

/// What is known of an object.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Info", deny_unknown_fields)]
pub(crate) struct InfoBody {
    resource_type: &'static str,
    #[schemars(with = "IdText")]
    resource_id: Id,
    name: String,
    created: ActBody,
    last_updated: ActBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "HistoryBody")]
    history: Option<HistoryBody>,
}

/// An act. Whoever is no administrator sees when and by whom, and nothing else.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoAct", deny_unknown_fields)]
struct ActBody {
    at: i64,
    by: ActorBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TokenBody")]
    token: Option<TokenBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "RequestBody")]
    request: Option<RequestBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoActor", deny_unknown_fields)]
struct ActorBody {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ActorLabel")]
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
struct TokenBody {
    #[schemars(with = "IdText")]
    id: Id,
    #[schemars(with = "TokenKindLabel")]
    kind: TokenKind,
    last4: String,
    created_ms: Option<i64>,
    expiry_ms: Option<i64>,
    status: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "InfoRequest", deny_unknown_fields)]
struct RequestBody {
    id: String,
    method: String,
    path: String,
    client_ip: String,
    user_agent: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoHistory", deny_unknown_fields)]
struct HistoryBody {
    count: usize,
    results: Vec<HistoryEntry>,
}

/// An entry of the trail, and what exactly changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InfoHistoryEntry")]
struct HistoryEntry {
    #[serde(flatten)]
    #[schemars(with = "EntryShape")]
    entry: Entry,
    #[schemars(with = "Vec<Change>")]
    changes: Vec<FieldChange>,
}

impl InfoBody {
    fn new(info: Info, caller: &Caller) -> Self {
        let history = info.history.map(|events| {
            let results: Vec<_> = events.into_iter().map(HistoryEntry::from).collect();
            HistoryBody {
                count: results.len(),
                results,
            }
        });
        Self {
            resource_type: info.object.kind.label(),
            resource_id: info.object.id,
            name: info.object.name,
            created: ActBody::new(info.created, Vec::new(), caller),
            last_updated: ActBody::new(info.updated, info.updated_fields, caller),
            history,
        }
    }
}

impl ActBody {
    fn new(act: InfoAct, changed: Vec<String>, caller: &Caller) -> Self {
        let own_email = caller
            .user()
            .filter(|user| user.id.0 == act.actor_id)
            .map(|user| user.email.clone());
        let mut body = Self {
            at: act.at.as_millis(),
            by: ActorBody {
                kind: None,
                id: act.actor_id,
                name: act.actor_name,
                email: own_email,
            },
            token: None,
            request: None,
            changed,
        };
        if let Some(ActDetail { by, token }) = act.detail {
            body.by.kind = Some(by.actor_type);
            body.by.email = Some(by.actor_email).filter(|email| !email.is_empty());
            body.token = by.credential.zip(token).map(TokenBody::from);
            body.request = Some(by.request.into());
        }
        body
    }
}

impl From<(Credential, TokenFacts)> for TokenBody {
    fn from((credential, facts): (Credential, TokenFacts)) -> Self {
        Self {
            id: credential.id,
            kind: credential.kind,
            last4: credential.last4,
            created_ms: facts
                .created_at
                .map(domain::platform::timestamp::Timestamp::as_millis),
            expiry_ms: facts
                .expires_at
                .map(domain::platform::timestamp::Timestamp::as_millis),
            status: facts.state.label(),
        }
    }
}

impl From<RequestMeta> for RequestBody {
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

impl From<RecordedEvent> for HistoryEntry {
    fn from(recorded: RecordedEvent) -> Self {
        Self {
            entry: Entry::of_act(&recorded),
            changes: recorded.event.changes,
        }
    }
}
