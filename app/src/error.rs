//! Errors as pages show them.
//!
//! A server function returns them to an island as JSON, and to the page after a plain form in the notice of
//! [`crate::ui::form::notice`]. Sources and causes are only logged.

use leptos::server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why an operation failed, as text for the user.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum UiError {
    /// The caller is not signed in, or no longer.
    #[error("You are signed out. Sign in to continue.")]
    SignedOut,
    /// The email or the password was wrong; which of them is not disclosed.
    #[error("The email or the password is wrong.")]
    WrongCredentials,
    /// The user may read the object but not perform the operation.
    #[error("{0}")]
    Denied(String),
    /// The user must enter the password again before the operation.
    #[error("Enter your password again to continue.")]
    PasswordNeeded,
    /// The object does not exist, or the user may not read it.
    #[error("{0}")]
    NotFound(String),
    /// A rule rejects the input.
    #[error("{message}")]
    Rejected {
        /// The field; empty for the whole form.
        field: String,
        /// Message.
        message: String,
    },
    /// Another change came first, or it was done before.
    #[error("{0}")]
    Conflict(String),
    /// Too many requests.
    #[error("{0}")]
    Limited(String),
    /// The database did not confirm the change.
    #[error(
        "The database did not confirm the change, so it may be saved or not. Check before you repeat it."
    )]
    OutcomeUnknown,
    /// The database cannot be reached.
    #[error("The server cannot use its database at the moment. Please try again.")]
    Unavailable,
    /// An internal error.
    #[error(
        "Something went wrong on the server. Nothing was changed. The server log has the details."
    )]
    Internal,
    /// The browser could not reach the server.
    #[error("The server could not be reached. Check the connection and try again.")]
    Unreachable,
}

impl UiError {
    /// Input that a rule rejects; `field` is empty for a rule about the whole form.
    #[cfg(feature = "ssr")]
    pub(crate) fn rejected(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Rejected {
            field: field.into(),
            message: message.into(),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::WrongCredentials => 401,
            Self::Denied(_) | Self::PasswordNeeded => 403,
            Self::NotFound(_) => 404,
            Self::Rejected { .. } => 400,
            Self::Conflict(_) => 409,
            Self::Limited(_) => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::Unreachable => 503,
            Self::OutcomeUnknown => 424,
        }
    }

    /// The rejected field.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Rejected { field, .. } if !field.is_empty() => Some(field),
            Self::Rejected { .. }
            | Self::SignedOut
            | Self::WrongCredentials
            | Self::Denied(_)
            | Self::PasswordNeeded
            | Self::NotFound(_)
            | Self::Conflict(_)
            | Self::Limited(_)
            | Self::OutcomeUnknown
            | Self::Unavailable
            | Self::Internal
            | Self::Unreachable => None,
        }
    }
}

impl From<domain::platform::id::InvalidId> for UiError {
    fn from(_: domain::platform::id::InvalidId) -> Self {
        Self::NotFound("There is nothing at this address.".to_owned())
    }
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Rejected {
                field: String::new(),
                message: "The form was not filled in as this page expects.".to_owned(),
            },
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => Self::Internal,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<&service::ServiceError> for UiError {
    fn from(error: &service::ServiceError) -> Self {
        use service::ServiceError;
        match error {
            ServiceError::Unauthenticated => Self::SignedOut,
            ServiceError::SignInFailed => Self::WrongCredentials,
            ServiceError::Denied(message) => Self::Denied(message.clone()),
            ServiceError::PasswordNeeded(_) => Self::PasswordNeeded,
            ServiceError::NotFound(message) | ServiceError::NotConfigured(message) => {
                Self::NotFound(message.clone())
            }
            ServiceError::Rejected(rejected) => Self::Rejected {
                field: rejected.field.clone(),
                message: rejected.message.clone(),
            },
            ServiceError::Conflict(message) | ServiceError::Superseded(message) => {
                Self::Conflict(message.clone())
            }
            ServiceError::ConcurrentChange(_) => Self::Conflict(error.to_string()),
            ServiceError::OutcomeUnknown(_) => Self::OutcomeUnknown,
            ServiceError::KeyReused | ServiceError::InProgress => Self::Conflict(error.to_string()),
            ServiceError::Limited { message, .. } => Self::Limited(message.clone()),
            ServiceError::Unavailable(_) | ServiceError::Full(_) => Self::Unavailable,
            ServiceError::Internal(_) => Self::Internal,
        }
    }
}
