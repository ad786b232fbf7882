//! Tables `acl_entry` and `object_ref`, and the columns of `object` that go with them: who may read a restricted
//! object, and how objects refer to others. They repeat what the object says, in a form lists can be filtered by.

use domain::{
    objects::{object::Object, permissions::Principal},
    platform::id::Id,
};

use crate::{
    objects::object::batches,
    platform::{
        dialect::{
            on,
            rows::{OverRows, over_rows},
        },
        error::StoreError,
        transaction::Write,
    },
};

/// Readers of objects: the object's id and the reader's.
pub(crate) const INSERT_READERS: OverRows = over_rows!(
    "INSERT INTO acl_entry (object_id, principal_id) SELECT given.value ->> 0, given.value ->> 1 FROM",
    "WHERE TRUE ON CONFLICT DO NOTHING"
);
const DELETE_READERS: &str = "DELETE FROM acl_entry WHERE object_id = $1";
/// References of objects: the object's id, the relation and the value.
pub(crate) const INSERT_REFERENCES: OverRows = over_rows!(
    "INSERT INTO object_ref (object_id, relation, value) \
     SELECT given.value ->> 0, given.value ->> 1, given.value ->> 2 FROM",
    "WHERE TRUE ON CONFLICT DO NOTHING"
);
const DELETE_REFERENCE: &str =
    "DELETE FROM object_ref WHERE object_id = $1 AND relation = $2 AND value = $3";
const FOLLOW: &str = "UPDATE object SET access_id = $2 WHERE parent_id = $1";
const ATTACH: &str = "UPDATE object SET parent_id = $17, access_id = $18 \
    WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const DETACH_ALL: &str =
    "UPDATE object SET parent_id = NULL, access_id = NULL WHERE parent_id = $1";

/// Who may read an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadAccess {
    /// The object whose readers decide: itself, or what it belongs to. `None`: everybody in the organization may.
    pub access_id: Option<Id>,
    /// Who may read this very object and what goes by it, administrators apart; `None`: everybody.
    pub readers: Option<Vec<Principal>>,
}

impl ReadAccess {
    /// The ids of those who may read this very object, when not everybody may.
    pub(crate) fn reader_ids(&self) -> impl Iterator<Item = String> {
        let readers = self.readers.iter().flatten();
        readers.map(|reader| reader.id().to_string())
    }
}

impl Write {
    pub(crate) async fn replace_readers(
        &mut self,
        id: Id,
        access: &ReadAccess,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(DELETE_READERS).bind(id.to_string()).execute(c).await.map(drop))?;
        let rows: Vec<(Id, String)> = access.reader_ids().map(|reader| (id, reader)).collect();
        let inner = self.ready().await?;
        inner.run_over_any(&INSERT_READERS, &rows).await
    }

    /// Writes only what differs: most changes of an object change no reference.
    pub(crate) async fn replace_references(
        &mut self,
        before: &Object,
        after: &Object,
    ) -> Result<(), StoreError> {
        let (old, mut new) = (before.references(), after.references());
        for (relation, value) in old.iter().filter(|reference| !new.contains(reference)) {
            on!(self, c => sqlx::query(DELETE_REFERENCE)
                .bind(after.id.to_string())
                .bind(relation.label())
                .bind(value)
                .execute(c)
                .await
                .map(drop))?;
        }
        new.retain(|reference| !old.contains(reference));
        let rows: Vec<(Id, &str, String)> = new
            .into_iter()
            .map(|(relation, value)| (after.id, relation.label(), value))
            .collect();
        let inner = self.ready().await?;
        inner.run_over_any(&INSERT_REFERENCES, &rows).await
    }

    /// Lets everything that belongs to an object go by these readers from now on: the charts of a dashboard.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn follow_access(
        &mut self,
        parent_id: Id,
        access_id: Option<Id>,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(FOLLOW)
            .bind(parent_id.to_string())
            .bind(access_id.map(|id| id.to_string()))
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Puts objects into a parent, to be read by whoever may read `access_id`; `None` takes them out.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn attach_objects(
        &mut self,
        ids: &[Id],
        parent_id: Option<Id>,
        access_id: Option<Id>,
    ) -> Result<(), StoreError> {
        for batch in batches(ids) {
            on!(self, c => {
                let mut query = sqlx::query(ATTACH);
                for id in batch {
                    query = query.bind(id);
                }
                query
                    .bind(parent_id.map(|id| id.to_string()))
                    .bind(access_id.map(|id| id.to_string()))
                    .execute(c)
                    .await
                    .map(drop)
            })?;
        }
        Ok(())
    }

    /// Takes everything out of a parent that is about to be deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn detach_children(&mut self, parent_id: Id) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(DETACH_ALL).bind(parent_id.to_string()).execute(c).await.map(drop))?;
        Ok(())
    }
}
