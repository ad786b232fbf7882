//! Info of an object: who created and last updated it, and its history.

use domain::{
    audit::event::{Attribution, AuditEvent},
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
    /// Its creation.
    pub created: InfoEvent,
    /// Its last update.
    pub updated: InfoEvent,
    /// Its audit events, newest first; `None` unless the viewer is an administrator.
    pub history: Option<Vec<AuditEvent>>,
}

/// The creation or the last update of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoEvent {
    /// When it happened.
    pub at: Timestamp,
    /// The name of the actor.
    pub actor_name: String,
    /// The actor, the credential and the request; `None` unless the viewer is an administrator.
    pub by: Option<Attribution>,
    /// The current state of the credential, where it is known.
    pub state: Option<TokenState>,
}
