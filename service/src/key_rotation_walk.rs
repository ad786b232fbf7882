//! The steps that encrypt stored values again, a few hundred rows in a transaction.

use store::{
    Housekeeping, KeyRotation, ReencryptedRows, ReencryptedValues, RotationStage, RotationWalk,
};

use crate::{
    key_rotation_step::{KeyRotationError, RotationStep},
    key_rotator::KeyRotator,
    platform::error::ServiceError,
};

/// Rows in one transaction, which other writers wait for.
const ROWS: i64 = 200;

impl KeyRotator {
    /// Encrypts the next rows of a stage again, or enters the next stage.
    pub(crate) async fn walk(
        &self,
        rotation: &KeyRotation,
    ) -> Result<Option<RotationStep>, KeyRotationError> {
        let rooms = &self.service.rooms;
        let mut housekeeping = rooms.platform.store().housekeep().await?;
        let walked = self.reencrypt(&mut housekeeping, rotation).await?;
        let Some(last) = &walked.last else {
            let next = next_stage(rotation.stage);
            let at = rooms.platform.now();
            let is_entered = housekeeping
                .enter_rotation_stage(rotation.stage, next, at)
                .await?;
            housekeeping.finish().await?;
            return Ok(is_entered.then_some(RotationStep::Walked));
        };
        let walk = RotationWalk {
            to: last,
            rows: walked.rows,
            unreadable: walked.values.unreadable,
        };
        if !housekeeping.note_rotation_walk(rotation, walk).await? {
            return Ok(None);
        }
        housekeeping.finish().await?;
        let left = (rotation.rows_left - walked.rows).max(0);
        Ok(Some(RotationStep::Reencrypted(left)))
    }

    async fn reencrypt(
        &self,
        housekeeping: &mut Housekeeping,
        rotation: &KeyRotation,
    ) -> Result<ReencryptedRows, ServiceError> {
        let rooms = &self.service.rooms;
        let after = rotation.walked_to.as_str();
        Ok(match rotation.stage {
            RotationStage::Objects => {
                let integrations = &rooms.integrations;
                housekeeping
                    .reencrypt_objects(after, ROWS, |id, document, count| {
                        integrations.reencrypt(id, document, count);
                    })
                    .await?
            }
            RotationStage::OrgTokens => housekeeping.reencrypt_org_tokens(after, ROWS).await?,
            RotationStage::Secrets => {
                let org_tokens = rooms.tokens.org();
                org_tokens.reencrypt(housekeeping, after, ROWS).await?
            }
            RotationStage::Announced
            | RotationStage::Activated
            | RotationStage::Reencrypted
            | RotationStage::Covered => ReencryptedRows {
                last: None,
                rows: 0,
                values: ReencryptedValues::default(),
            },
        })
    }
}

/// The stage after one that walks.
const fn next_stage(stage: RotationStage) -> RotationStage {
    match stage {
        RotationStage::Announced | RotationStage::Activated => RotationStage::Objects,
        RotationStage::Objects => RotationStage::OrgTokens,
        RotationStage::OrgTokens => RotationStage::Secrets,
        RotationStage::Secrets | RotationStage::Reencrypted => RotationStage::Reencrypted,
        RotationStage::Covered => RotationStage::Covered,
    }
}
