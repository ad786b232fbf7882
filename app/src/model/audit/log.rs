//! Pages of the audit log and of the call log.

use domain::{
    audit::{
        event::AuditEvent,
        query::{AuditPosition, AuditResults},
    },
    identity::credential::Credential,
    platform::timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A page of the trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrailView {
    /// The rows.
    pub rows: Rows,
    /// When it was asked.
    pub now: Timestamp,
    /// What is meant by the ids in the address, in words.
    pub meant: Vec<String>,
}

/// A page of either record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Rows {
    /// What was done.
    Acts(AuditResults<AuditEvent>),
    /// Calls of the API.
    Calls(AuditResults<CallRow>),
}

impl Rows {
    /// The newer and the older page, and whether the search stopped at its limit.
    pub(crate) fn places(&self) -> (Option<AuditPosition>, Option<AuditPosition>, bool) {
        match self {
            Self::Acts(page) => (page.newer, page.older, page.gave_up),
            Self::Calls(page) => (page.newer, page.older, page.gave_up),
        }
    }
}

/// A call of the API as its row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    /// When it came in.
    pub at: Timestamp,
    /// A user's mail address, an org token's name; empty when there is no telling.
    pub who: String,
    /// Who called, by id.
    pub actor_id: Option<String>,
    /// With which credential.
    pub credential: Option<Credential>,
    /// The fingerprint of a credential that was refused.
    pub fingerprint: String,
    /// The request's id.
    pub request_id: String,
    /// The HTTP method.
    pub method: String,
    /// The route's template.
    pub route: String,
    /// The path asked for.
    pub path: String,
    /// The status answered.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the answer's body.
    pub bytes: i64,
    /// The network address.
    pub address: String,
    /// The program, as it named itself.
    pub client: String,
}
