//! Adding objects. Their rows are written before the next statement of the transaction or the commit, so that the
//! objects of several operations cost one statement together.

use domain::{objects::object::Object, platform::visible::folded};
use serde::Serialize;

use super::{
    object::{column, document_json},
    object_link::{INSERT_READERS, INSERT_REFERENCES, ReadAccess},
};
use crate::{
    audit::Write,
    platform::{
        CheckedTable, Column, Insert, PendingRow, Sql, StoreError, cipher::DocumentCipher,
        over_rows, statements,
    },
};

macro_rules! insert {
    ($after:literal) => {
        over_rows!(
            "INSERT INTO object (id, organization_id, kind, name, name_folded, parent_id, access_id, restricted, \
             protection, document, created_at, created_by, created_via, updated_at, updated_by, updated_via) \
             SELECT given.value ->> 'id', given.value ->> 'organization_id', given.value ->> 'kind', \
             given.value ->> 'name', given.value ->> 'name_folded', given.value ->> 'parent_id', \
             given.value ->> 'access_id', CAST(given.value ->> 'restricted' AS BOOLEAN), \
             given.value ->> 'protection', given.value ->> 'document', \
             CAST(given.value ->> 'created_at' AS BIGINT), given.value ->> 'created_by', \
             given.value ->> 'created_via', CAST(given.value ->> 'updated_at' AS BIGINT), \
             given.value ->> 'updated_by', given.value ->> 'updated_via' FROM",
            $after
        )
    };
}

statements! {
    const INSERT_ONCE: Sql = insert!("");
    const INSERT_AGAIN: Sql = insert!("WHERE TRUE ON CONFLICT (id) DO NOTHING");
}

const INSERT: Insert = Insert {
    once: INSERT_ONCE,
    again: INSERT_AGAIN,
};

/// The length of pending rows at which they are written, in bytes.
const PENDING_BYTES: usize = 1 << 20;

#[derive(Debug, Serialize)]
struct NewObjectRow<'a> {
    id: String,
    organization_id: String,
    kind: &'static str,
    name: &'a str,
    name_folded: String,
    parent_id: Option<String>,
    access_id: Option<String>,
    restricted: bool,
    protection: String,
    document: String,
    created_at: i64,
    created_by: String,
    created_via: String,
    updated_at: i64,
    updated_by: String,
    updated_via: String,
}

impl<'a> NewObjectRow<'a> {
    fn new(
        object: &'a Object,
        access: &ReadAccess,
        cipher: &DocumentCipher,
    ) -> Result<Self, StoreError> {
        let Object {
            created, updated, ..
        } = object;
        Ok(Self {
            id: object.id.to_string(),
            organization_id: object.organization_id.to_string(),
            kind: object.kind.label(),
            name: &object.name,
            name_folded: folded(&object.name),
            parent_id: object.parent_id.map(|id| id.to_string()),
            access_id: access.access_id.map(|id| id.to_string()),
            restricted: access.readers.is_some(),
            protection: column("protection").to_json(&object.protection)?,
            document: document_json(cipher, object)?,
            created_at: created.at.as_micros(),
            created_by: created.by.actor_id.to_string(),
            created_via: column("created_via").to_json(&created.by)?,
            updated_at: updated.at.as_micros(),
            updated_by: updated.by.actor_id.to_string(),
            updated_via: column("updated_via").to_json(&updated.by)?,
        })
    }
}

/// The rows of an object in all tables.
fn rows(
    object: &Object,
    access: &ReadAccess,
    cipher: &DocumentCipher,
) -> Result<Vec<PendingRow>, StoreError> {
    let id = object.id;
    let row = NewObjectRow::new(object, access, cipher)?;
    let mut rows = vec![PendingRow::new(&INSERT, column("id"), &row)?];
    for reader in access.reader_ids() {
        let reader_column = Column("acl_entry", "principal_id");
        rows.push(PendingRow::new(
            &INSERT_READERS,
            reader_column,
            &(id, reader),
        )?);
    }
    for (relation, value) in object.references() {
        let value_column = Column("object_ref", "value");
        let row = (id, relation.label(), value);
        rows.push(PendingRow::new(&INSERT_REFERENCES, value_column, &row)?);
    }
    Ok(rows)
}

impl Write {
    /// Adds an object, with its readers and references.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its parent does not exist. An id that is taken may instead be reported by the next
    /// statement or by the commit.
    pub async fn insert_object(
        &mut self,
        object: &Object,
        access: &ReadAccess,
    ) -> Result<(), StoreError> {
        let rows = rows(object, access, self.cipher())?;
        self.touch(CheckedTable::Object, object.id);
        let pending = self.pending();
        pending.push(rows);
        let is_full = pending.bytes() > PENDING_BYTES;
        // Written at once, so that a missing parent does not fail the rows of other operations.
        let refers =
            object.parent_id.is_some() || access.access_id.is_some_and(|id| id != object.id);
        if refers || is_full {
            self.write_pending().await?;
        }
        Ok(())
    }
}
