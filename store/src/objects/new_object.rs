//! New objects of a transaction, written together: those that several acts make one after the other cost one statement.
//! They wait until something is asked in the transaction, or until it is committed, whichever is first.

use std::mem;

use domain::objects::object::{Object, Relation};
use serde::Serialize;

use crate::{
    objects::{
        object::column,
        object_link::{INSERT_READERS, INSERT_REFERENCES, ReadAccess},
    },
    platform::{
        dialect::{
            Inner,
            rows::{OverRows, over_rows},
        },
        error::StoreError,
        transaction::Write,
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

const INSERT: OverRows = insert!("");
/// After a caller went away before it was known whether the same rows were written: those that are there were.
const INSERT_AGAIN: OverRows = insert!("WHERE TRUE ON CONFLICT (id) DO NOTHING");

/// Documents that wait have so many bytes at most, about.
const ROOM: usize = 1 << 20;

/// An object that waits to be written.
#[derive(Debug)]
struct NewObject {
    row: Row,
    readers: Vec<String>,
    references: Vec<(Relation, String)>,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    organization_id: String,
    kind: &'static str,
    name: String,
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

impl NewObject {
    fn of(object: &Object, access: &ReadAccess) -> Result<Self, StoreError> {
        let Object {
            created, updated, ..
        } = object;
        Ok(Self {
            row: Row {
                id: object.id.to_string(),
                organization_id: object.organization_id.to_string(),
                kind: object.kind.label(),
                name: object.name.clone(),
                name_folded: object.name.to_lowercase(),
                parent_id: object.parent_id.map(|id| id.to_string()),
                access_id: access.access_id.map(|id| id.to_string()),
                restricted: access.readers.is_some(),
                protection: column("protection").written(&object.protection)?,
                document: column("document").written(&object.document)?,
                created_at: created.at.as_micros(),
                created_by: created.by.actor_id.to_string(),
                created_via: column("created_via").written(&created.by)?,
                updated_at: updated.at.as_micros(),
                updated_by: updated.by.actor_id.to_string(),
                updated_via: column("updated_via").written(&updated.by)?,
            },
            readers: access.reader_ids().collect(),
            references: object.references(),
        })
    }
}

/// The objects of a transaction that wait to be written, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct NewObjects {
    objects: Vec<NewObject>,
    /// Whether writing them was begun and given up, so that nobody knows which are written.
    is_begun: bool,
}

impl NewObjects {
    pub(crate) fn len(&self) -> usize {
        self.objects.len()
    }

    /// Forgets all but the first of them.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.objects.truncate(count);
        self.is_begun &= count > 0;
    }

    fn bytes(&self) -> usize {
        self.objects
            .iter()
            .map(|object| object.row.document.len())
            .sum()
    }

    /// Writes the first of them. Given up on the way, they wait still, and are written once nevertheless.
    pub(crate) async fn write(
        &mut self,
        count: usize,
        inner: &mut Inner,
    ) -> Result<(), StoreError> {
        if count == 0 {
            return Ok(());
        }
        let insert = if mem::replace(&mut self.is_begun, true) {
            &INSERT_AGAIN
        } else {
            &INSERT
        };
        let written = write_all(&self.objects[..count], insert, inner).await;
        self.is_begun = false;
        written?;
        self.objects.drain(..count);
        Ok(())
    }
}

async fn write_all(
    objects: &[NewObject],
    insert: &OverRows,
    inner: &mut Inner,
) -> Result<(), StoreError> {
    let rows: Vec<&Row> = objects.iter().map(|object| &object.row).collect();
    inner.run_over(insert, &rows).await?;
    let (mut readers, mut references) = (Vec::new(), Vec::new());
    for object in objects {
        let id = &object.row.id;
        readers.extend(object.readers.iter().map(|reader| (id, reader)));
        let of_it = object.references.iter();
        references.extend(of_it.map(|(relation, value)| (id, relation.label(), value)));
    }
    inner.run_over_any(&INSERT_READERS, &readers).await?;
    inner.run_over_any(&INSERT_REFERENCES, &references).await
}

impl Write {
    /// Adds an object, with who may read it and how it refers to others.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its parent is not there. Whether its id is taken may be found out only by the next
    /// question, or by the commit.
    pub async fn insert_object(
        &mut self,
        object: &Object,
        access: &ReadAccess,
    ) -> Result<(), StoreError> {
        let belongs = object.parent_id.is_some()
            || access
                .access_id
                .is_some_and(|access_id| access_id != object.id);
        let new = self.new_objects();
        new.objects.push(NewObject::of(object, access)?);
        // What others are waiting for with it must not fail because something is not there that it belongs to.
        if belongs || new.bytes() > ROOM {
            self.ready().await?;
        }
        Ok(())
    }
}
