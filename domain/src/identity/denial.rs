//! The denial of a permission check.

use thiserror::Error;

/// The caller may see that this exists but may not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Unauthorized request.")]
pub struct PermissionDenied;
