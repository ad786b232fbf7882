//! Info of an object: who created, last updated and deleted it, and its history.

use domain::{
    audit::event::{ActorType, AuditEvent, FieldChange},
    identity::{actor::RequestMeta, credential::Credential},
    platform::timestamp::Timestamp,
    tokens::token::TokenState,
};
use serde::{Deserialize, Serialize};

/// The content of the Info dialog.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InfoView {
    /// The object's name.
    pub name: String,
    /// The object's id.
    pub id: String,
    /// Its creation; `None` for a deleted object whose creation the audit log no longer has.
    pub created: Option<InfoEvent>,
    /// Its last update; `None` as for `created`.
    pub updated: Option<InfoEvent>,
    /// Its deletion; `None` for an object that exists.
    pub deleted: Option<InfoEvent>,
    /// The last content of a deleted object, as changes from nothing; empty for others.
    pub content: Vec<FieldChange>,
    /// Its audit events, newest first; `None` unless the viewer is an administrator.
    pub history: Option<Vec<AuditEvent>>,
}

/// An operation on an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoEvent {
    /// When it happened.
    pub at: Timestamp,
    /// The name of the actor.
    pub actor_name: String,
    /// The actor, the credential and the request; `None` unless the viewer is an administrator.
    pub detail: Option<InfoEventDetail>,
}

/// The part of an operation that only administrators see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoEventDetail {
    /// The id of the actor.
    pub actor_id: String,
    /// The type of the actor.
    pub actor_type: ActorType,
    /// A user's email address; empty for others.
    pub actor_email: String,
    /// The credential, if the actor had one.
    pub credential: Option<Credential>,
    /// The current state of the credential.
    pub state: Option<TokenState>,
    /// The request; `None` when the audit log no longer has it.
    pub request: Option<RequestMeta>,
}
