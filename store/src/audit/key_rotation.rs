//! Table `key_rotation`: the rotation of the master key that is not finished. Its stages follow each other; each is
//! entered in the transaction that does the work of the stage before.

use domain::platform::timestamp::Timestamp;

use super::Write;
use crate::platform::{
    Column, Conn, Housekeeping, Sql, StoreError, Stored, known_key::KnownKey, statements, values,
};

statements! {
    const FIND: Sql = "SELECT stage, walked_to, rows_left, unreadable, started_at, stage_at FROM key_rotation \
        WHERE position = 1";
    const INSERT: Sql = "INSERT INTO key_rotation (position, stage, walked_to, rows_left, unreadable, started_at, stage_at) \
        VALUES (1, $1, '', $2, 0, $3, $3) ON CONFLICT (position) DO NOTHING";
    /// Only from the stage in which this process found it: another process may continue it too.
    const ENTER: Sql = "UPDATE key_rotation SET stage = $2, stage_at = $3, walked_to = '' \
        WHERE position = 1 AND stage = $1";
    const WALK: Sql = "UPDATE key_rotation SET walked_to = $3, unreadable = unreadable + $5, \
        rows_left = CASE WHEN rows_left > $4 THEN rows_left - $4 ELSE 0 END \
        WHERE position = 1 AND stage = $1 AND walked_to = $2";
    const DELETE: Sql = "DELETE FROM key_rotation WHERE stage = $1";
}

/// A stage of a rotation, by what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RotationStage {
    /// Both keys are accepted, and the old one encrypts.
    Announced,
    /// The new key encrypts.
    Activated,
    /// What is signed once has the signature of the new key. The documents of objects are encrypted again.
    Objects,
    /// The documents of org tokens are encrypted again.
    OrgTokens,
    /// The secrets of org tokens are encrypted again.
    Secrets,
    /// Nothing is encrypted under the old key. Rows with its MAC may have no checkpoint.
    Reencrypted,
    /// No row needs a MAC of the old key.
    Covered,
}

impl RotationStage {
    /// All stages, in order.
    pub const ALL: [Self; 7] = [
        Self::Announced,
        Self::Activated,
        Self::Objects,
        Self::OrgTokens,
        Self::Secrets,
        Self::Reencrypted,
        Self::Covered,
    ];

    /// The label in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Activated => "activated",
            Self::Objects => "objects",
            Self::OrgTokens => "org_tokens",
            Self::Secrets => "secrets",
            Self::Reencrypted => "reencrypted",
            Self::Covered => "covered",
        }
    }

    fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.label() == label)
    }
}

/// A rotation that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRotation {
    /// Its stage.
    pub stage: RotationStage,
    /// How far the walk of this stage came: the primary key of the last row, as text.
    pub walked_to: String,
    /// The number of rows with encrypted values that were not walked yet.
    pub rows_left: i64,
    /// The number of values that no key decrypts.
    pub unreadable: i64,
    /// When it was started.
    pub started_at: Timestamp,
    /// When the stage was entered.
    pub stage_at: Timestamp,
}

/// A part of the walk of a stage.
#[derive(Debug, Clone, Copy)]
pub struct RotationWalk<'a> {
    /// The last row of the part.
    pub to: &'a str,
    /// The number of its rows.
    pub rows: i64,
    /// The number of its values that no key decrypts.
    pub unreadable: i64,
}

impl Stored for KeyRotation {
    type Row = (String, String, i64, i64, i64, i64);

    fn from_row(
        (stage, walked_to, rows_left, unreadable, started_at, stage_at): Self::Row,
    ) -> Result<Self, StoreError> {
        let stage = RotationStage::from_label(&stage);
        Ok(Self {
            stage: Column("key_rotation", "stage").required(stage)?,
            walked_to,
            rows_left,
            unreadable,
            started_at: Timestamp::from_micros(started_at),
            stage_at: Timestamp::from_micros(stage_at),
        })
    }
}

impl Conn {
    /// The rotation that is not finished, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_key_rotation(&mut self) -> Result<Option<KeyRotation>, StoreError> {
        self.find(FIND, values![]).await
    }
}

impl Write {
    /// Starts a rotation, with the old key and the new one. Returns `false`, and changes nothing, when there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn start_key_rotation(
        &mut self,
        keys: &[KnownKey; 2],
        rows: i64,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let stage = RotationStage::Announced.label();
        if self.execute(INSERT, values![stage, rows, at]).await? == 0 {
            return Ok(false);
        }
        self.replace_master_keys(keys).await?;
        Ok(true)
    }

    /// Finishes the rotation: this key is the only one. Returns `false`, and changes nothing, when the rotation is not
    /// in its last stage.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn finish_key_rotation(&mut self, key: &KnownKey) -> Result<bool, StoreError> {
        let stage = RotationStage::Covered.label();
        if self.execute(DELETE, values![stage]).await? == 0 {
            return Ok(false);
        }
        self.replace_master_keys(std::slice::from_ref(key)).await?;
        Ok(true)
    }
}

impl Housekeeping {
    /// Makes the new key the one that encrypts. Waits for the transactions that use the old one; others wait for this
    /// one to end. Returns `false`, and changes nothing, when the rotation is not in its first stage.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn activate_key(
        &mut self,
        keys: &[KnownKey; 2],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        if !self
            .enter_rotation_stage(RotationStage::Announced, RotationStage::Activated, at)
            .await?
        {
            return Ok(false);
        }
        self.replace_master_keys(keys).await?;
        Ok(true)
    }

    /// Enters a stage. Returns `false` when the rotation is not in stage `from`.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn enter_rotation_stage(
        &mut self,
        from: RotationStage,
        to: RotationStage,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = values![from.label(), to.label(), at];
        Ok(self.execute(ENTER, values).await? > 0)
    }

    /// Stores how far the walk of the stage came. Returns `false` when another process walked meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn note_rotation_walk(
        &mut self,
        before: &KeyRotation,
        walk: RotationWalk<'_>,
    ) -> Result<bool, StoreError> {
        let values = values![
            before.stage.label(),
            &before.walked_to,
            walk.to,
            walk.rows,
            walk.unreadable
        ];
        Ok(self.execute(WALK, values).await? > 0)
    }
}
