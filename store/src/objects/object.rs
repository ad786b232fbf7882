//! Table `object`: dashboards, dashboard groups, charts, detectors, integrations and teams. Which of them a caller may
//! see in a list is decided here, by who may read what (`acl_entry`); everything else about permission is not.

use domain::{
    audit::event::{Attribution, ObjectType},
    objects::object::{Object, Relation, Stamp},
    platform::{
        id::{Id, OrganizationId},
        limits,
        timestamp::Timestamp,
    },
};

use crate::{
    objects::object_link::ReadAccess,
    platform::{
        dialect::on,
        error::StoreError,
        row::Column,
        transaction::{Conn, Write},
    },
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, kind, name, parent_id, protection, document, ",
            "created_at, created_via, updated_at, updated_via FROM object ",
            $rest
        )
    };
}

/// So many ids are asked for at once: an unused place is the empty text, which is no id.
pub(crate) const BATCH: usize = 16;

const FIND: &str = select!("WHERE id = $1");
const FIND_MANY: &str =
    select!("WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
const LIST_CHILDREN: &str = select!("WHERE parent_id = $1 AND kind = $2 ORDER BY id LIMIT $3");
const LIST_REFERRING: &str = select!(
    "WHERE kind = $3 AND id IN (SELECT object_id FROM object_ref WHERE relation = $1 AND value = $2) \
     ORDER BY created_at, id LIMIT $4"
);
const LIST_REFERRING_IDS: &str = "SELECT o.id FROM object_ref r JOIN object o ON o.id = r.object_id \
    WHERE r.relation = $1 AND r.value = $2 AND o.kind = $3 ORDER BY o.created_at, o.id LIMIT $4";
const FIND_BY_NAME: &str =
    select!("WHERE organization_id = $1 AND kind = $2 AND name_folded = $3 ORDER BY id LIMIT 1");
const UPDATE: &str = "UPDATE object SET name = $2, name_folded = $3, parent_id = $4, access_id = $5, restricted = $6, \
    protection = $7, document = $8, updated_at = $9, updated_by = $10, updated_via = $11 WHERE id = $1";
const UPDATE_DOCUMENT: &str = "UPDATE object SET document = $2 WHERE id = $1";
const DELETE: &str = "DELETE FROM object WHERE id = $1";

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: String,
    organization_id: String,
    kind: String,
    name: String,
    parent_id: Option<String>,
    protection: String,
    document: String,
    created_at: i64,
    created_via: String,
    updated_at: i64,
    updated_via: String,
}

pub(crate) fn column(name: &'static str) -> Column {
    Column("object", name)
}

impl TryFrom<Row> for Object {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let stamp = |at, name, via: &str| -> Result<Stamp, StoreError> {
            Ok(Stamp {
                at: Timestamp::from_micros(at),
                by: column(name).parse::<Attribution>(via)?,
            })
        };
        let parent_id = row.parent_id.as_deref();
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            kind: column("kind").read(ObjectType::from_label(&row.kind))?,
            name: row.name,
            parent_id: parent_id.map(|id| column("parent_id").id(id)).transpose()?,
            document: column("document").parse(&row.document)?,
            protection: column("protection").parse(&row.protection)?,
            created: stamp(row.created_at, "created_via", &row.created_via)?,
            updated: stamp(row.updated_at, "updated_via", &row.updated_via)?,
        })
    }
}

pub(crate) fn objects_of(rows: Vec<Row>) -> Result<Vec<Object>, StoreError> {
    rows.into_iter().map(Object::try_from).collect()
}

/// The ids as texts, in batches that fill every place of a statement.
pub(crate) fn batches(ids: &[Id]) -> impl Iterator<Item = [String; BATCH]> {
    ids.chunks(BATCH).map(|ids| {
        std::array::from_fn(|place| ids.get(place).map(ToString::to_string).unwrap_or_default())
    })
}

impl Conn {
    /// The object with this id, of whatever kind.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_object(&mut self, id: Id) -> Result<Option<Object>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND).bind(id.to_string()).fetch_optional(c).await)?
            .map(Object::try_from)
            .transpose()
    }

    /// Those of the objects that exist, in no order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_objects(&mut self, ids: &[Id]) -> Result<Vec<Object>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for batch in batches(ids) {
            found.extend(on!(self, c => {
                let mut query = sqlx::query_as::<_, Row>(FIND_MANY);
                for id in batch {
                    query = query.bind(id);
                }
                query.fetch_all(c).await
            })?);
        }
        objects_of(found)
    }

    /// The object of this kind with this name, whatever its case.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_object_by_name(
        &mut self,
        organization_id: OrganizationId,
        kind: ObjectType,
        name: &str,
    ) -> Result<Option<Object>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND_BY_NAME)
            .bind(organization_id.to_string())
            .bind(kind.label())
            .bind(name.to_lowercase())
            .fetch_optional(c)
            .await)?
        .map(Object::try_from)
        .transpose()
    }

    /// What belongs to an object: the dashboards of a group, the charts of a dashboard.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_children(
        &mut self,
        parent_id: Id,
        kind: ObjectType,
    ) -> Result<Vec<Object>, StoreError> {
        objects_of(on!(self, c => sqlx::query_as::<_, Row>(LIST_CHILDREN)
                .bind(parent_id.to_string())
                .bind(kind.label())
                .bind(limits::PAGE_OBJECTS)
                .fetch_all(c)
                .await)?)
    }

    /// The objects of a kind that refer to this value, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_referring(
        &mut self,
        relation: Relation,
        value: Id,
        kind: ObjectType,
    ) -> Result<Vec<Object>, StoreError> {
        objects_of(on!(self, c => sqlx::query_as::<_, Row>(LIST_REFERRING)
                .bind(relation.label())
                .bind(value.to_string())
                .bind(kind.label())
                .bind(limits::PAGE_OBJECTS)
                .fetch_all(c)
                .await)?)
    }

    /// The ids of the objects of a kind that refer to this value, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_referring_ids(
        &mut self,
        relation: Relation,
        value: Id,
        kind: ObjectType,
    ) -> Result<Vec<Id>, StoreError> {
        on!(self, c => sqlx::query_scalar::<_, String>(LIST_REFERRING_IDS)
            .bind(relation.label())
            .bind(value.to_string())
            .bind(kind.label())
            .bind(limits::PAGE_OBJECTS)
            .fetch_all(c)
            .await)?
        .iter()
        .map(|id| column("id").id(id))
        .collect()
    }
}

impl Write {
    /// Stores what has changed of an object, with who may read it and how it refers to others.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its parent is not there.
    pub async fn update_object(
        &mut self,
        before: &Object,
        after: &Object,
        access: &ReadAccess,
    ) -> Result<(), StoreError> {
        let protection = column("protection").written(&after.protection)?;
        let document = column("document").written(&after.document)?;
        let updated_via = column("updated_via").written(&after.updated.by)?;
        on!(self, c => sqlx::query(UPDATE)
            .bind(after.id.to_string())
            .bind(&after.name)
            .bind(after.name.to_lowercase())
            .bind(after.parent_id.map(|id| id.to_string()))
            .bind(access.access_id.map(|id| id.to_string()))
            .bind(access.readers.is_some())
            .bind(&protection)
            .bind(&document)
            .bind(after.updated.at.as_micros())
            .bind(after.updated.by.actor_id.to_string())
            .bind(&updated_via)
            .execute(c)
            .await
            .map(drop))?;
        if before.protection != after.protection {
            self.replace_readers(after.id, access).await?;
        }
        self.replace_references(before, after).await
    }

    /// Stores another document of an object without touching when and by whom it was last changed: what follows from
    /// a change of something else, as a dashboard's place in its group does.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn follow_object(
        &mut self,
        before: &Object,
        after: &Object,
    ) -> Result<(), StoreError> {
        let document = column("document").written(&after.document)?;
        on!(self, c => sqlx::query(UPDATE_DOCUMENT)
            .bind(after.id.to_string())
            .bind(&document)
            .execute(c)
            .await
            .map(drop))?;
        self.replace_references(before, after).await
    }

    /// Deletes an object. What belongs to it must have been moved or deleted before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when something still belongs to it.
    pub async fn delete_object(&mut self, id: Id) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(DELETE).bind(id.to_string()).execute(c).await.map(drop))?;
        Ok(())
    }
}
