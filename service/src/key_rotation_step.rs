//! The steps of a rotation of the master key, as their results, and why one fails.

use std::{path::PathBuf, time::Duration};

use thiserror::Error;

use crate::platform::{error::ServiceError, master_key::MasterKeyError};

/// Why a rotation does not continue. What was done before stays.
#[derive(Debug, Error)]
pub enum KeyRotationError {
    /// A key file cannot be used.
    #[error(transparent)]
    Key(#[from] MasterKeyError),
    /// Any other error.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<store::StoreError> for KeyRotationError {
    fn from(error: store::StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotationStep {
    /// The new key was written to this file.
    KeyWritten(PathBuf),
    /// The database accepts both keys.
    Announced,
    /// Nothing was done: nodes may not have the new key for this long.
    Waiting(Duration),
    /// The new key encrypts.
    Activated,
    /// What the old key signed once is signed with the new key.
    Signed,
    /// Rows were encrypted again; this many are left.
    Reencrypted(i64),
    /// All rows of a kind are encrypted with the new key.
    Walked,
    /// Checkpoints cover all rows with a MAC of the old key.
    Covered,
    /// The new key is in the key file, and the old one in this file.
    FileReplaced(PathBuf),
    /// The new key is the only one.
    Finished(RotatedKey),
}

/// The result of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotatedKey {
    /// The id of the old key.
    pub old: String,
    /// The id of the new key.
    pub new: String,
    /// The number of values that neither key decrypts. They stay as they are.
    pub unreadable: i64,
}
