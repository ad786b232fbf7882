//! What rotates the master key. `key_rotation` has the order of the steps, `key_rotation_change` and `key_rotation_walk`
//! the steps.

use std::sync::Mutex;

use store::StoreError;

use crate::{
    key_rotation_files::RotationFiles,
    key_rotation_step::{KeyRotationError, RotatedKey},
    platform::master_key::MasterKey,
    service::Service,
};

/// Rotates the master key of a service, once.
#[derive(Debug)]
pub struct KeyRotator {
    pub(crate) service: Service,
    pub(crate) files: RotationFiles,
    /// The rotation that this process saw in progress. If it is gone afterwards, another process finished it.
    pub(crate) seen: Mutex<Option<RotatedKey>>,
}

impl KeyRotator {
    /// Rotates the key of this service, which must be able to change the database, with these files.
    #[must_use]
    pub const fn new(service: Service, files: RotationFiles) -> Self {
        Self {
            service,
            files,
            seen: Mutex::new(None),
        }
    }

    /// The master key with this id, which the database accepts.
    pub(crate) fn find_key(&self, id: &str) -> Result<MasterKey, KeyRotationError> {
        let ring = self.service.rooms.audit.vault.ring();
        let keys = ring.find(id).ok_or(StoreError::KeyReplaced)?;
        Ok(keys.key().clone())
    }
}
