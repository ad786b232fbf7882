//! The denial of a permission check, and the demand for the password.

use thiserror::Error;

/// The caller may see that this exists but may not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Unauthorized request.")]
pub struct PermissionDenied;

/// The user of a session must enter the password again before this operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter your password again to continue.")]
pub struct PasswordNeeded;
