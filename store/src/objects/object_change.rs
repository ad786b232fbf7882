//! Updating and deleting objects, with their readers and references. `new_object` adds objects.

use domain::{
    objects::object::Object,
    platform::{document::Document, id::Id, visible::folded},
};

use super::{
    object::{column, document_json},
    object_link::{ReadAccess, replace_readers, replace_references},
};
use crate::{
    audit::Write,
    platform::{
        CheckedTable, Housekeeping, Sql, StoreError, cipher::ReencryptedValues,
        plain_secrets::Documents, reencrypted::ReencryptedRows, statements, values,
    },
};

statements! {
    const UPDATE: Sql = "UPDATE object SET name = $2, name_folded = $3, parent_id = $4, access_id = $5, restricted = $6, \
        protection = $7, document = $8, updated_at = $9, updated_by = $10, updated_via = $11 WHERE id = $1";
    const UPDATE_DOCUMENT: Sql = "UPDATE object SET document = $2 WHERE id = $1";
    const DELETE: Sql = "DELETE FROM object WHERE id = $1";
    // Of the kinds that may have secrets.
    const LIST_PLAIN: Sql = "SELECT id, document FROM object WHERE id > $1 AND kind IN ('detector', 'team', 'integration', 'slo') \
        AND (document LIKE '%\"Webhook\"%' OR document LIKE '%\"XMatters\"%' OR document LIKE '%\"SplunkPlatform\"%') \
        ORDER BY id LIMIT $2";
    const LIST_ENCRYPTED: Sql = "SELECT id, document FROM object WHERE id > $1 AND (document LIKE '%\"$encrypted\"%' OR document LIKE '%\"$sealed\"%') \
        ORDER BY id LIMIT $2";
    const COUNT_ENCRYPTED: Sql = "SELECT COUNT(*) FROM object WHERE id > $1 AND (document LIKE '%\"$encrypted\"%' OR document LIKE '%\"$sealed\"%')";
    const ENCRYPT: Sql = "UPDATE object SET document = $2 WHERE id = $1 AND document = $3";
}

/// The documents that may have secrets.
pub(crate) const DOCUMENTS: Documents = Documents {
    column: column("document"),
    list: LIST_PLAIN,
    replace: ENCRYPT,
    list_encrypted: LIST_ENCRYPTED,
    count_encrypted: COUNT_ENCRYPTED,
};

impl Housekeeping {
    /// Encrypts the secrets of at most `limit` objects after this id again, with the active key. `of_room` does so with
    /// those of a document that a room encrypts itself.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn reencrypt_objects(
        &mut self,
        after: &str,
        limit: i64,
        of_room: impl Fn(Id, &mut Document, &mut ReencryptedValues),
    ) -> Result<ReencryptedRows, StoreError> {
        self.reencrypt_documents(DOCUMENTS, after, limit, of_room)
            .await
    }
}

impl Write {
    /// Updates an object, with its readers and references.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its parent does not exist.
    pub async fn update_object(
        &mut self,
        before: &Object,
        after: &Object,
        access: &ReadAccess,
    ) -> Result<(), StoreError> {
        let values = values![
            after.id,
            &after.name,
            folded(&after.name),
            after.parent_id,
            access.access_id,
            access.readers.is_some(),
            column("protection").to_json(&after.protection)?,
            document_json(self.cipher(), after)?,
            after.updated.at,
            after.updated.by.actor_id,
            column("updated_via").to_json(&after.updated.by)?,
        ];
        self.touch(CheckedTable::Object, after.id);
        self.execute(UPDATE, values).await?;
        if before.protection != after.protection {
            replace_readers(self, after.id, access).await?;
        }
        replace_references(self, before, after).await
    }

    /// Updates a document because another object changed, such as a dashboard whose group was deleted. The time and the
    /// author of the last update stay.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn follow_object(
        &mut self,
        before: &Object,
        after: &Object,
    ) -> Result<(), StoreError> {
        let document = self
            .cipher()
            .to_json(column("document"), after.id, &after.document)?;
        self.touch(CheckedTable::Object, after.id);
        self.execute(UPDATE_DOCUMENT, values![after.id, document])
            .await?;
        replace_references(self, before, after).await
    }

    /// Deletes an object. Objects that belong to it must be moved or deleted before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another object belongs to it.
    pub async fn delete_object(&mut self, id: Id) -> Result<(), StoreError> {
        self.delete_team_members(id).await?;
        self.touch(CheckedTable::Object, id);
        self.execute(DELETE, values![id]).await.map(drop)
    }
}
