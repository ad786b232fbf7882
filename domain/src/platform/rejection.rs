//! Rejected input: the field, and what is wrong with it.

use thiserror::Error;

/// The input breaks a rule. The message names the field and the limit, and is returned to the sender of the input.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Rejected {
    /// The name of the field in the API or the form; empty for the whole request.
    pub field: String,
    /// The message, one sentence.
    pub message: String,
}

impl Rejected {
    /// The rejection of a field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    /// The rejection of the whole request.
    pub fn whole(message: impl Into<String>) -> Self {
        Self {
            field: String::new(),
            message: message.into(),
        }
    }
}

impl From<crate::platform::id::InvalidId> for Rejected {
    fn from(rejected: crate::platform::id::InvalidId) -> Self {
        Self::whole(rejected.to_string())
    }
}
