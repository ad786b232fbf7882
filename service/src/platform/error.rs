//! The errors of operations: what the caller may see, apart from what only the log may contain.

use domain::{
    identity::denial::{PasswordNeeded, PermissionDenied},
    platform::rejection::Rejected,
};
use store::StoreError;
use thiserror::Error;

/// Why an operation failed.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// No live credential: absent, unknown, expired, revoked, or of the wrong family. All get the same response
    /// (docs/contract.md#errors). Scripts search for the text.
    #[error("Invalid token specified.")]
    Unauthenticated,
    /// Sign-in failed: unknown address, wrong password, disabled user, or too many failures. All get the same response.
    #[error("The email/password combination was entered incorrectly. Please try again.")]
    SignInFailed,
    /// The caller may see the object but may not perform the operation.
    #[error("{0}")]
    Denied(String),
    /// The user of a session must enter the password again before the operation.
    #[error(transparent)]
    PasswordNeeded(#[from] PasswordNeeded),
    /// The object does not exist, or the caller must not learn that it exists.
    #[error("{0}")]
    NotFound(String),
    /// The input breaks a rule.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The change conflicts with stored data.
    #[error("{0}")]
    Conflict(String),
    /// The request was made without knowledge of an earlier change: it names an old version, or creates what there is
    /// already.
    #[error("{0}")]
    Superseded(String),
    /// The idempotency key was used for another request.
    #[error(
        "The idempotency key was used for another request. A new request needs a new key; a repeat must not differ from the first request."
    )]
    KeyReused,
    /// The first request with the idempotency key is not committed yet. The caller may retry later.
    #[error("The first request with this idempotency key is still in progress.")]
    InProgress,
    /// A limit is exceeded; the caller may retry later.
    #[error("{message}")]
    Limited {
        /// Seconds until a retry may succeed.
        retry_after_seconds: u64,
        /// A message for the caller that names the limit.
        message: String,
    },
    /// The change contradicts another one that was made at the same time.
    #[error("It conflicts with another change. Please try again.")]
    ConcurrentChange(#[source] StoreError),
    /// The database did not confirm the change, so it may be stored or not.
    #[error("The database did not confirm the change, so it may be stored or not.")]
    OutcomeUnknown(#[source] StoreError),
    /// The database is unreachable. Never reported as a bad credential.
    #[error("The service is not available at the moment.")]
    Unavailable(#[source] Option<StoreError>),
    /// There is no space for the ingested data, and none of it was accepted. The caller may retry later.
    #[error("{0}")]
    Full(String),
    /// This process was started without what the operation needs. A retry does not help.
    #[error("{0}")]
    NotConfigured(String),
    /// An internal error.
    #[error("The service failed.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::NotCommitted | StoreError::KeyReplaced => {
                Self::Unavailable(Some(error))
            }
            StoreError::Conflict(_) => Self::ConcurrentChange(error),
            StoreError::OutcomeUnknown(_) => Self::OutcomeUnknown(error),
            StoreError::ReadOnly => {
                Self::NotConfigured("The database is opened for reading only.".to_owned())
            }
            StoreError::Changed => Self::Superseded(error.to_string()),
            StoreError::Corrupt { .. }
            | StoreError::Migration(_)
            | StoreError::Address(_)
            | StoreError::Missing(_)
            | StoreError::Outdated
            | StoreError::TooNew(_)
            | StoreError::Copy(_)
            | StoreError::Driver(_) => Self::Internal(Box::new(error)),
        }
    }
}

impl From<PermissionDenied> for ServiceError {
    fn from(denied: PermissionDenied) -> Self {
        Self::Denied(denied.to_string())
    }
}

impl ServiceError {
    /// The error of a process that was started without ingest.
    pub(crate) fn no_ingest() -> Self {
        Self::NotConfigured("This server does not receive data.".to_owned())
    }

    /// An error for a missing object, with the message of the API.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::NotFound(format!("Unable to find the given {what}."))
    }
}

/// An error with its sources in one line, for the log.
#[derive(Debug)]
pub struct ErrorChain<'a>(pub &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for ErrorChain<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(formatter, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
