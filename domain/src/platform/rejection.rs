//! A rule that said no to something a person gave: which field, and what is wrong with it.

use thiserror::Error;

/// What was given breaks a rule. The text names the field and the limit; it is shown to whoever gave it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Rejected {
    /// The field the rule is about, by its name in the API or the form; empty when it is about the whole.
    pub field: String,
    /// A sentence for the person who gave it.
    pub message: String,
}

impl Rejected {
    /// A refusal of one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    /// A refusal of the whole request.
    pub fn whole(message: impl Into<String>) -> Self {
        Self {
            field: String::new(),
            message: message.into(),
        }
    }
}

impl From<crate::platform::id::InvalidId> for Rejected {
    fn from(refused: crate::platform::id::InvalidId) -> Self {
        Self::whole(refused.to_string())
    }
}
