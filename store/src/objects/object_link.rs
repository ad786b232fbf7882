//! Tables `acl_entry` and `object_ref`, and the columns `access_id` and `restricted` of `object`: the readers of
//! restricted objects, and references between objects. They repeat parts of the documents, so that lists can be
//! filtered by them.

use domain::{
    objects::{object::Object, permissions::Principal},
    platform::id::Id,
};

use crate::{
    audit::Write,
    platform::{
        CheckedTable, Insert, Sql, StoreError, Value, id_batches, over_rows, statements, values,
    },
};

statements! {
    /// Rows: the id of the object, the id of the reader.
    const ADD_READERS: Sql = over_rows!(
        "INSERT INTO acl_entry (object_id, principal_id) SELECT given.value ->> 0, given.value ->> 1 FROM",
        "WHERE TRUE ON CONFLICT DO NOTHING"
    );
    const DELETE_READERS: Sql = "DELETE FROM acl_entry WHERE object_id = $1";
    /// Rows: the id of the object, the relation, the value.
    const ADD_REFERENCES: Sql = over_rows!(
        "INSERT INTO object_ref (object_id, relation, value) \
         SELECT given.value ->> 0, given.value ->> 1, given.value ->> 2 FROM",
        "WHERE TRUE ON CONFLICT DO NOTHING"
    );
    const DELETE_REFERENCE: Sql = "DELETE FROM object_ref WHERE object_id = $1 AND relation = $2 AND value = $3";
    const FOLLOW: Sql = "UPDATE object SET access_id = $2 WHERE parent_id = $1 RETURNING id";
    const ATTACH: Sql = "UPDATE object SET parent_id = $17, access_id = $18 \
        WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    const DETACH_ALL: Sql = "UPDATE object SET parent_id = NULL, access_id = NULL WHERE parent_id = $1 \
        RETURNING id";
}

/// Readers of new objects.
pub(crate) const INSERT_READERS: Insert = Insert {
    once: ADD_READERS,
    again: ADD_READERS,
};

/// References of new objects.
pub(crate) const INSERT_REFERENCES: Insert = Insert {
    once: ADD_REFERENCES,
    again: ADD_REFERENCES,
};

/// Who may read an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadAccess {
    /// The object whose readers may read this one: itself, or the object it belongs to. `None`: the whole organization
    /// may read it.
    pub access_id: Option<Id>,
    /// The readers of this object and of objects that belong to it, besides administrators; `None`: the whole
    /// organization.
    pub readers: Option<Vec<Principal>>,
}

impl ReadAccess {
    /// The ids of the readers of this object, when it is restricted.
    pub(crate) fn reader_ids(&self) -> impl Iterator<Item = String> {
        let readers = self.readers.iter().flatten();
        readers.map(|reader| reader.id().to_string())
    }
}

pub(crate) async fn replace_readers(
    write: &mut Write,
    id: Id,
    access: &ReadAccess,
) -> Result<(), StoreError> {
    write.execute(DELETE_READERS, values![id]).await?;
    let rows: Vec<(Id, String)> = access.reader_ids().map(|reader| (id, reader)).collect();
    if !rows.is_empty() {
        write
            .execute(ADD_READERS, values![Value::rows(&rows)?])
            .await?;
    }
    Ok(())
}

/// Writes only the references that differ: most updates change none.
pub(crate) async fn replace_references(
    write: &mut Write,
    before: &Object,
    after: &Object,
) -> Result<(), StoreError> {
    let (old, mut new) = (before.references(), after.references());
    for (relation, value) in old.iter().filter(|reference| !new.contains(reference)) {
        let values = values![after.id, relation.label(), value];
        write.execute(DELETE_REFERENCE, values).await?;
    }
    new.retain(|reference| !old.contains(reference));
    if !new.is_empty() {
        let rows: Vec<(Id, &str, &str)> = new
            .iter()
            .map(|(relation, value)| (after.id, relation.label(), value.as_str()))
            .collect();
        write
            .execute(ADD_REFERENCES, values![Value::rows(&rows)?])
            .await?;
    }
    Ok(())
}

impl Write {
    /// Makes the readers of `access_id` the readers of all objects that belong to `parent_id`, such as the charts of a
    /// dashboard.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn follow_access(
        &mut self,
        parent_id: Id,
        access_id: Option<Id>,
    ) -> Result<(), StoreError> {
        let values = values![parent_id, access_id];
        let followed = self.fetch_all::<(String,)>(FOLLOW, values).await?;
        self.touch_all(CheckedTable::Object, followed);
        Ok(())
    }

    /// Makes objects belong to a parent, with the readers of `access_id`; `None` detaches them.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn attach_objects(
        &mut self,
        ids: &[Id],
        parent_id: Option<Id>,
        access_id: Option<Id>,
    ) -> Result<(), StoreError> {
        for id in ids {
            self.touch(CheckedTable::Object, id);
        }
        for mut values in id_batches(ids) {
            values.extend(values![parent_id, access_id]);
            self.execute(ATTACH, values).await?;
        }
        Ok(())
    }

    /// Detaches all objects from a parent, before it is deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn detach_children(&mut self, parent_id: Id) -> Result<(), StoreError> {
        let values = values![parent_id];
        let detached = self.fetch_all::<(String,)>(DETACH_ALL, values).await?;
        self.touch_all(CheckedTable::Object, detached);
        Ok(())
    }
}
