//! Pages of the audit log and of the call log.

use domain::{
    audit::{
        event::{ActorType, AuditEvent},
        query::{AuditPosition, AuditResults},
    },
    identity::credential::Credential,
    platform::timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The content of the audit page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditLogView {
    /// The rows.
    pub rows: LogRows,
    /// The time of the request.
    pub now: Timestamp,
    /// The filters of the address with names instead of ids.
    pub filters: Vec<String>,
}

/// Rows of the audit log or of the call log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LogRows {
    /// Audit events.
    Events(AuditResults<AuditEvent>),
    /// API calls.
    Calls(AuditResults<CallRow>),
}

impl LogRows {
    /// The positions of the newer and the older page, and whether the search ended at its limit.
    pub(crate) const fn positions(&self) -> (Option<AuditPosition>, Option<AuditPosition>, bool) {
        match self {
            Self::Events(page) => (page.newer, page.older, page.gave_up),
            Self::Calls(page) => (page.newer, page.older, page.gave_up),
        }
    }
}

/// An API call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    /// When the request arrived.
    pub at: Timestamp,
    /// The type of the caller.
    pub actor_type: ActorType,
    /// The name of the user or of the org token; empty when the caller is unknown.
    pub actor_name: String,
    /// The email address of the user; empty for others.
    pub actor_email: String,
    /// The id of the user or org token.
    pub actor_id: Option<String>,
    /// The credential.
    pub credential: Option<Credential>,
    /// The fingerprint of a rejected credential; empty for others.
    pub fingerprint: String,
    /// The id of the request.
    pub request_id: String,
    /// The HTTP method.
    pub method: String,
    /// The template of the route.
    pub route: String,
    /// The path of the request.
    pub path: String,
    /// The status of the response.
    pub status: u16,
    /// The duration, in microseconds.
    pub duration_us: i64,
    /// The bytes of the response's body.
    pub bytes: i64,
    /// The client's network address.
    pub address: String,
    /// The client's `User-Agent`.
    pub client: String,
}
