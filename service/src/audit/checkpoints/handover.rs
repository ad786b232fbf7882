//! The keys that signed checkpoints before the present one. Each change of the key is a hand-over: a row that names both
//! public keys and the last checkpoint of the old one, signed with both. The new key confirms the old one, so that a
//! process that has only the newest key verifies all checkpoints; a row that was added with SQL lacks its signature.

use domain::platform::timestamp::Timestamp;
use store::{Checkpoint, Housekeeping, KeyHandover, LogKind, Read, Retention};

use super::chain::{CheckpointKey, has_signature};
use crate::{
    audit::handle::Audit,
    platform::{error::ServiceError, key_ring::KeyRing},
};

/// Number of hand-overs in one read.
const BATCH: i64 = 100;

/// The public keys of all checkpoints.
pub(crate) struct Signers {
    /// The public keys, newest first, each with the last checkpoint before those that it signed.
    keys: Vec<(i64, Vec<u8>)>,
    /// The keys that may have signed retention marks: those of the ring, because each rotation signs the marks again.
    accepted: Vec<CheckpointKey>,
    /// The numbers of hand-overs that are not signed with both keys.
    pub(super) forged: Vec<i64>,
}

impl Signers {
    /// Reads the keys, from the present one back.
    pub(crate) async fn load(read: &mut Read, ring: &KeyRing) -> Result<Self, ServiceError> {
        let present = CheckpointKey::of(ring.active());
        let mut signers = Self {
            keys: Vec::new(),
            accepted: accepted(ring).collect(),
            forged: Vec::new(),
        };
        let (mut before, mut key) = (i64::MAX, present.public_key().to_vec());
        loop {
            let handovers = read.list_key_handovers(before, BATCH).await?;
            let Some(last) = handovers.last() else {
                signers.keys.push((0, key));
                return Ok(signers);
            };
            before = last.number;
            for handover in handovers {
                if handover.new_key != key || !is_genuine(&handover) {
                    signers.forged.push(handover.number);
                    continue;
                }
                let old = handover.old_key;
                signers
                    .keys
                    .push((handover.last_checkpoint, std::mem::replace(&mut key, old)));
            }
        }
    }

    /// Whether the key of its time signed the checkpoint.
    pub(crate) fn have_signed(&self, checkpoint: &Checkpoint) -> bool {
        let key = self
            .keys
            .iter()
            .find(|(after, _)| checkpoint.number > *after);
        key.is_some_and(|(_, key)| super::chain::has_signed(key, checkpoint))
    }

    /// Whether an accepted key signed the retention mark.
    pub(super) fn have_signed_retention(&self, mark: &Retention) -> bool {
        self.accepted
            .iter()
            .any(|key| key.has_signed_retention(mark))
    }
}

/// The hand-over from the old key to the new one, after this checkpoint.
pub(crate) fn handover(
    number: i64,
    last_checkpoint: i64,
    at: Timestamp,
    [old, new]: [CheckpointKey; 2],
) -> KeyHandover {
    let mut handover = KeyHandover {
        number,
        last_checkpoint,
        at: at.as_micros(),
        old_key: old.public_key().to_vec(),
        new_key: new.public_key().to_vec(),
        old_signature: Vec::new(),
        new_signature: Vec::new(),
    };
    let text = signed_text(&handover);
    handover.old_signature = old.signature(&text);
    handover.new_signature = new.signature(&text);
    handover
}

/// The keys for checkpoints of all keys of the ring.
fn accepted(ring: &KeyRing) -> impl Iterator<Item = CheckpointKey> {
    ring.keys().iter().map(CheckpointKey::of)
}

fn signed_text(handover: &KeyHandover) -> Vec<u8> {
    format!(
        "countersign key handover\n{}\n{}\n{}\n{}\n{}\n",
        handover.number,
        handover.last_checkpoint,
        handover.at,
        hex::encode(&handover.old_key),
        hex::encode(&handover.new_key),
    )
    .into_bytes()
}

fn is_genuine(handover: &KeyHandover) -> bool {
    let text = signed_text(handover);
    has_signature(&handover.old_key, &text, &handover.old_signature)
        && has_signature(&handover.new_key, &text, &handover.new_signature)
}

impl Audit {
    /// Signs the retention mark of a log with the present key, if an accepted key signed it. The keys must be held.
    pub(crate) async fn sign_retention_again(
        &self,
        housekeeping: &mut Housekeeping,
        kind: LogKind,
    ) -> Result<(), ServiceError> {
        let found = housekeeping.find_retention(kind).await?;
        if let Some(found) = found.filter(|found| self.is_signed_retention(found)) {
            let signature = self.checkpoint_key().sign_retention(&found);
            housekeeping.renew_retention(&found, &signature).await?;
        }
        Ok(())
    }

    /// Whether an accepted key signed the retention mark. Each rotation signs it again.
    fn is_signed_retention(&self, retention: &Retention) -> bool {
        accepted(&self.vault.ring()).any(|key| key.has_signed_retention(retention))
    }
}
