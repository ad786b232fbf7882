//! What an act can answer instead of doing it: what the caller may know, apart from what the log may know.

use domain::{identity::access::PermissionDenied, platform::rejection::Rejected};
use store::StoreError;
use thiserror::Error;

/// Why an act was not done.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// No live credential: absent, unknown, expired, revoked, of the wrong family. All alike (docs/contract.md#errors).
    #[error("Invalid token specified.")]
    Unauthenticated,
    /// Signing in failed: unknown address, wrong password, disabled user, too many failures. All alike.
    #[error("The email/password combination was entered incorrectly. Please try again.")]
    SignInRefused,
    /// The caller may see it but may not do it.
    #[error("{0}")]
    Denied(String),
    /// It does not exist, or must not be known to exist.
    #[error("{0}")]
    NotFound(String),
    /// What was given breaks a rule.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// It clashes with what is there.
    #[error("{0}")]
    Conflict(String),
    /// Too much of it; try again later.
    #[error("{message}")]
    Limited {
        /// Seconds until it may work again.
        retry_after_seconds: u64,
        /// A sentence for the caller that names the limit.
        message: String,
    },
    /// The database cannot be reached now. Never reported as a bad credential.
    #[error("The service is not available at the moment.")]
    Unavailable(#[source] Option<StoreError>),
    /// There is no room for what was handed in; nothing of it was taken. Try again later.
    #[error("{0}")]
    Full(String),
    /// A fault of ours.
    #[error("The service failed.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::NotCommitted => Self::Unavailable(Some(error)),
            StoreError::Conflict(_) => Self::Conflict("It clashes with what is stored.".to_owned()),
            StoreError::Corrupt { .. }
            | StoreError::Migration(_)
            | StoreError::Address(_)
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
    /// There is no such thing, in the words of the API.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::NotFound(format!("Unable to find the given {what}."))
    }
}

/// An error with its sources, in one line for the log.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
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
