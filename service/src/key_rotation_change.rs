//! The steps that change which keys are accepted, and which one encrypts.

use domain::{
    audit::event::{Action, AuditEvent, FieldChange, ObjectType},
    platform::id::Id,
};
use serde_json::json;
use store::{LogKind, RotationStage, StoreError};

use crate::{
    audit::{
        checkpoints::{chain::CheckpointKey, handover::handover},
        commit::{done, object},
        log_tree::keys,
    },
    key_rotation_step::{KeyRotationError, RotatedKey, RotationStep},
    key_rotator::KeyRotator,
};

impl KeyRotator {
    /// Has the database accept both keys. The new one is in a file before.
    pub(crate) async fn announce(&self) -> Result<Option<RotationStep>, KeyRotationError> {
        let rooms = &self.service.rooms;
        let ring = rooms.audit.vault.ring();
        let active = ring.active();
        let caller = rooms.platform.system_caller().await?;
        let (new, written) = self.files.new_key(active.id())?;
        if let Some(path) = written {
            return Ok(Some(RotationStep::KeyWritten(path)));
        }
        let rows = rooms.platform.store().count_encrypted_rows().await?;
        let both = ring.with(&[active.key(), &new]);
        let keys = both.keys();
        let at = rooms.platform.now();
        let event = self.event(&caller, active.id(), keys[1].id(), "started");
        let mut write = rooms.platform.store().write().await?;
        let stored = [&keys[0], &keys[1]].map(|keys| both.stored_for(keys));
        if rooms.audit.vault.ring().version != ring.version
            || !write.start_key_rotation(&stored, rows, at).await?
        {
            return Ok(None);
        }
        rooms.audit.commit(write, event).await?;
        Ok(Some(RotationStep::Announced))
    }

    /// Has the new key encrypt and sign.
    pub(crate) async fn activate(
        &self,
        old: &str,
        new: &str,
    ) -> Result<Option<RotationStep>, KeyRotationError> {
        let rooms = &self.service.rooms;
        let ring = rooms.audit.vault.ring();
        let [old, new] = [old, new].map(|id| ring.find(id));
        let (Some(old), Some(new)) = (old, new) else {
            return Err(StoreError::KeyReplaced.into());
        };
        let changed = ring.with(&[new.key(), old.key()]);
        let stored = [old, new].map(|keys| changed.stored_for(keys));
        let at = rooms.platform.now();
        let mut housekeeping = rooms.platform.store().housekeep().await?;
        if !housekeeping.activate_key(&stored, at).await? {
            return Ok(None);
        }
        // No checkpoint is added from here to the commit.
        let newest = housekeeping.find_newest_checkpoint().await?;
        let last = housekeeping.list_key_handovers(i64::MAX, 1).await?;
        let handover = handover(
            last.first().map_or(1, |last| last.number + 1),
            newest.map_or(0, |newest| newest.number),
            at,
            [old, new].map(CheckpointKey::of),
        );
        housekeeping.insert_key_handover(&handover).await?;
        housekeeping.finish().await?;
        Ok(Some(RotationStep::Activated))
    }

    /// Signs the marks of retention and the starts of MACs and states with the new key, and encrypts the keys of the log tree with it.
    pub(crate) async fn sign_again(&self) -> Result<Option<RotationStep>, KeyRotationError> {
        let rooms = &self.service.rooms;
        let mut housekeeping = rooms.platform.store().housekeep().await?;
        if !housekeeping
            .enter_rotation_stage(
                RotationStage::Activated,
                RotationStage::Objects,
                rooms.platform.now(),
            )
            .await?
        {
            return Ok(None);
        }
        housekeeping.renew_row_mac_start().await?;
        housekeeping.renew_row_state_start().await?;
        keys::reencrypt(&mut housekeeping, &rooms.audit.vault).await?;
        for kind in LogKind::ALL {
            rooms
                .audit
                .sign_retention_again(&mut housekeeping, kind)
                .await?;
        }
        housekeeping.finish().await?;
        Ok(Some(RotationStep::Signed))
    }

    /// Covers the rows that have a MAC of the old key.
    pub(crate) async fn cover(&self) -> Result<Option<RotationStep>, KeyRotationError> {
        let rooms = &self.service.rooms;
        rooms.audit.make_checkpoints().await?;
        let mut housekeeping = rooms.platform.store().housekeep().await?;
        let is_entered = housekeeping
            .enter_rotation_stage(
                RotationStage::Reencrypted,
                RotationStage::Covered,
                rooms.platform.now(),
            )
            .await?;
        housekeeping.finish().await?;
        Ok(is_entered.then_some(RotationStep::Covered))
    }

    /// Has the database accept the new key only.
    pub(crate) async fn finish(
        &self,
        old: &str,
        new: &str,
        unreadable: i64,
    ) -> Result<Option<RotationStep>, KeyRotationError> {
        let rooms = &self.service.rooms;
        let ring = rooms.audit.vault.ring();
        let keys = ring.find(new).ok_or(StoreError::KeyReplaced)?;
        let alone = ring.with(&[keys.key()]);
        let caller = rooms.platform.system_caller().await?;
        let event = self.event(&caller, old, new, "finished");
        let mut write = rooms.platform.store().write().await?;
        let stored = alone.stored_for(alone.active());
        if !write.finish_key_rotation(&stored).await? {
            return Ok(None);
        }
        rooms.audit.commit(write, event).await?;
        rooms.platform.store().read().await?.refresh_keys().await?;
        Ok(Some(RotationStep::Finished(RotatedKey {
            old: old.to_owned(),
            new: new.to_owned(),
            unreadable,
        })))
    }

    /// The event of a change of the accepted keys.
    fn event(
        &self,
        caller: &domain::identity::actor::Caller,
        old: &str,
        new: &str,
        state: &str,
    ) -> AuditEvent {
        let about = object(ObjectType::MasterKey, Id::from_bits(0), new);
        let changes = [
            ("keyId", Some(json!(old)), json!(new)),
            ("rotation", None, json!(state)),
        ];
        let changes = changes.map(|(field, before, after)| FieldChange {
            field: field.to_owned(),
            before,
            after: Some(after),
        });
        let at = self.service.now();
        done(caller, at, Action::Rotate, about, changes.to_vec())
    }
}
