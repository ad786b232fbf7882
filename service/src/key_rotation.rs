//! The rotation of the master key, in steps that each have one lasting effect. [`KeyRotator::step`] does the next one,
//! so that a rotation that was interrupted continues where it was. Nodes run meanwhile
//! (docs/decisions/0040-a-key-ring-for-rotation.md).
//!
//! 1. The new key is written to a file.
//! 2. The database accepts both keys, and all nodes get the new one from the key ring.
//! 3. When every node that authenticates requests has it, the new key encrypts, signs and computes MACs.
//! 4. What the old key signed once is signed again, and what it encrypted is encrypted again.
//! 5. Checkpoints cover the rows that have a MAC of the old key.
//! 6. The new file replaces the key file.
//! 7. The database accepts the new key only.

use std::time::Duration;

use domain::platform::{limits, timestamp::Timestamp};
use store::{KeyRotation, RotationStage};

use crate::{
    key_rotation_step::{KeyRotationError, RotatedKey, RotationStep},
    key_rotator::KeyRotator,
    platform::{error::ServiceError, lock::lock},
    service::Service,
};

/// How long both keys are accepted before the new one is used: longer than a node may authenticate requests without
/// having read the change feed.
const PATIENCE_SECONDS: i64 = 2 * limits::LEASE_SECONDS;

/// The keys of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// The ids of the keys that are accepted; during a rotation the old one, then the new one.
    pub accepted: Vec<String>,
    /// The id of the key that encrypts.
    pub active: String,
    /// The version of the key ring: it rises by three with each rotation.
    pub version: i64,
    /// The rotation that is not finished.
    pub rotation: Option<KeyRotation>,
}

impl KeyRotator {
    /// Does the next step. It changes nothing when it fails. After the last step it returns that one again.
    ///
    /// # Errors
    /// [`KeyRotationError::Key`] when a file of a key cannot be used, [`KeyRotationError::Service`] when the database does
    /// not answer, or there is no organization.
    pub async fn step(&self) -> Result<RotationStep, KeyRotationError> {
        // Another process may have done the step meanwhile; the next attempt reads where the rotation is.
        loop {
            if let Some(done) = self.attempt().await? {
                return Ok(done);
            }
        }
    }

    async fn attempt(&self) -> Result<Option<RotationStep>, KeyRotationError> {
        let mut read = self.service.rooms.platform.store().read().await?;
        read.refresh_keys().await?;
        let rotation = read.find_key_rotation().await?;
        let known = read.list_master_keys().await?;
        drop(read);
        let Some(rotation) = rotation else {
            let seen = lock(&self.seen).clone();
            return match seen {
                Some(finished) => Ok(Some(RotationStep::Finished(finished))),
                None => self.announce().await,
            };
        };
        let ids: Vec<_> = known.keys.into_iter().map(|known| known.id).collect();
        let [old, new] = ids.as_slice() else {
            return Ok(None);
        };
        self.files.check_given(new)?;
        *lock(&self.seen) = Some(RotatedKey {
            old: old.clone(),
            new: new.clone(),
            unreadable: rotation.unreadable,
        });
        match rotation.stage {
            RotationStage::Announced => match self.remaining(rotation.stage_at) {
                Some(time) => Ok(Some(RotationStep::Waiting(time))),
                None => self.activate(old, new).await,
            },
            RotationStage::Activated => self.sign_again().await,
            RotationStage::Objects | RotationStage::OrgTokens | RotationStage::Secrets => {
                self.walk(&rotation).await
            }
            RotationStage::Reencrypted => self.cover().await,
            RotationStage::Covered => match self.files.replace(&self.find_key(new)?)? {
                Some(done) => Ok(Some(done)),
                None => self.finish(old, new, rotation.unreadable).await,
            },
        }
    }

    /// How long nodes may not have the new key yet.
    fn remaining(&self, announced_at: Timestamp) -> Option<Duration> {
        let until = announced_at.plus_millis(PATIENCE_SECONDS * 1_000);
        let left = until.as_micros() - self.service.now().as_micros();
        let left = u64::try_from(left).ok().filter(|left| *left > 0);
        left.map(Duration::from_micros)
    }
}

impl Service {
    /// The keys of the database, and the rotation that is not finished.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn key_status(&self) -> Result<KeyStatus, ServiceError> {
        let mut read = self.rooms.platform.store().read().await?;
        read.refresh_keys().await?;
        let rotation = read.find_key_rotation().await?;
        let known = read.list_master_keys().await?;
        Ok(KeyStatus {
            accepted: known.keys.into_iter().map(|known| known.id).collect(),
            active: self.rooms.audit.vault.ring().active().id().to_owned(),
            version: known.version,
            rotation,
        })
    }
}
