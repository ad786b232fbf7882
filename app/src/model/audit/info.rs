//! Info of an object: who created and last changed it, and its history.

use domain::{
    audit::event::{Attribution, AuditEvent},
    platform::timestamp::Timestamp,
    tokens::token::TokenState,
};
use serde::{Deserialize, Serialize};

/// What Info says of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InfoView {
    /// The object's name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Who made it, when.
    pub created: Did,
    /// Who last changed it, when.
    pub updated: Did,
    /// Its history, newest first; `None` if the caller may not see it.
    pub history: Option<Vec<AuditEvent>>,
}

/// Who did something, when; for administrators with what and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Did {
    /// When.
    pub at: Timestamp,
    /// Who, by name.
    pub who: String,
    /// The credential and the address; `None` if the caller may not see them.
    pub by: Option<Attribution>,
    /// What the token is now.
    pub state: Option<TokenState>,
}
