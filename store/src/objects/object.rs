//! Table `object`: finding dashboards, dashboard groups, charts, detectors, integrations and teams by id, name, parent
//! or reference. `object_list` has the lists.

use domain::{
    audit::event::{Attribution, ObjectType, SharedKind},
    objects::object::{Object, Relation, Stamp},
    platform::{
        id::{Id, OrganizationId},
        limits,
        timestamp::Timestamp,
        visible::folded,
    },
};

use crate::platform::{
    Column, Conn, Sql, StoreError, Stored, cipher::DocumentCipher, id_batches, statements, values,
};

/// The columns of an [`ObjectColumns`], each after a prefix.
macro_rules! columns {
    ($prefix:literal) => {
        concat!(
            $prefix,
            "id, ",
            $prefix,
            "organization_id, ",
            $prefix,
            "kind, ",
            $prefix,
            "name, ",
            $prefix,
            "parent_id, ",
            $prefix,
            "protection, ",
            $prefix,
            "document, ",
            $prefix,
            "created_at, ",
            $prefix,
            "created_via, ",
            $prefix,
            "updated_at, ",
            $prefix,
            "updated_via"
        )
    };
}

pub(crate) use columns;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(""), " FROM object ", $rest)
    };
}

statements! {
    const FIND: Sql = select!("WHERE id = $1");
    const FIND_MANY: Sql =
        select!("WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    const FIND_BY_NAME: Sql =
        select!("WHERE organization_id = $1 AND kind = $2 AND name_folded = $3 ORDER BY id LIMIT 1");
    const LIST_CHILDREN: Sql = select!("WHERE parent_id = $1 AND kind = $2 ORDER BY id LIMIT $3");
    const LIST_REFERRING: Sql = select!(
        "WHERE kind = $3 AND id IN (SELECT object_id FROM object_ref WHERE relation = $1 AND value = $2) \
         ORDER BY created_at, id LIMIT $4"
    );
    const LIST_REFERRING_IDS: Sql = "SELECT o.id FROM object_ref r JOIN object o ON o.id = r.object_id \
        WHERE r.relation = $1 AND r.value = $2 AND o.kind = $3 ORDER BY o.created_at, o.id LIMIT $4";
    const LIST_NAMES_REFERRING: Sql = "SELECT r.value, o.name FROM object_ref r JOIN object o ON o.id = r.object_id \
        WHERE o.kind = $17 AND r.relation = $18 AND r.value IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
        ORDER BY o.name, o.id LIMIT $19";
}

#[derive(sqlx::FromRow)]
pub(crate) struct ObjectColumns {
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

pub(crate) const fn column(name: &'static str) -> Column {
    Column("object", name)
}

impl Stored for Object {
    type Row = ObjectColumns;

    fn from_row(row: ObjectColumns) -> Result<Self, StoreError> {
        let parent_id = row.parent_id.as_deref();
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            kind: ObjectType::from_stored(&row.kind),
            name: row.name,
            parent_id: parent_id.map(|id| column("parent_id").id(id)).transpose()?,
            document: column("document").parse_json(&row.document)?,
            protection: column("protection").parse_json(&row.protection)?,
            created: stamp(row.created_at, "created_via", &row.created_via)?,
            updated: stamp(row.updated_at, "updated_via", &row.updated_via)?,
        })
    }

    fn decrypted(mut self, cipher: &DocumentCipher) -> Result<Self, StoreError> {
        if may_have_secrets(self.kind) {
            cipher.decrypt(column("document"), self.id, &mut self.document)?;
        }
        Ok(self)
    }
}

/// The text of an object's document, with encrypted secrets.
pub(super) fn document_json(
    cipher: &DocumentCipher,
    object: &Object,
) -> Result<String, StoreError> {
    if may_have_secrets(object.kind) {
        cipher.to_json(column("document"), object.id, &object.document)
    } else {
        column("document").to_json(&object.document)
    }
}

/// Whether documents of this kind have notifications, or are a webhook.
const fn may_have_secrets(kind: ObjectType) -> bool {
    matches!(
        kind,
        ObjectType::Detector
            | ObjectType::Team
            | ObjectType::Integration
            | ObjectType::Shared(SharedKind::Slo)
    )
}

fn stamp(at: i64, name: &'static str, via: &str) -> Result<Stamp, StoreError> {
    Ok(Stamp {
        at: Timestamp::from_micros(at),
        by: column(name).parse_json::<Attribution>(via)?,
    })
}

impl Conn {
    /// The object with this id, of any kind.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_object(&mut self, id: Id) -> Result<Option<Object>, StoreError> {
        self.find(FIND, values![id]).await
    }

    /// The objects with these ids, in no order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_objects_by_id(&mut self, ids: &[Id]) -> Result<Vec<Object>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for batch in id_batches(ids) {
            found.extend(self.list::<Object>(FIND_MANY, batch).await?);
        }
        Ok(found)
    }

    /// The object of this kind with this name, ignoring case.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_object_by_name(
        &mut self,
        organization_id: OrganizationId,
        kind: ObjectType,
        name: &str,
    ) -> Result<Option<Object>, StoreError> {
        let values = values![organization_id, kind.label(), folded(name)];
        self.find(FIND_BY_NAME, values).await
    }

    /// The objects that belong to an object: the dashboards of a group, the charts of a dashboard.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_children(
        &mut self,
        parent_id: Id,
        kind: ObjectType,
    ) -> Result<Vec<Object>, StoreError> {
        let values = values![parent_id, kind.label(), limits::PAGE_OBJECTS];
        self.list(LIST_CHILDREN, values).await
    }

    /// The objects of a kind that refer to this value, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_referring(
        &mut self,
        relation: Relation,
        value: Id,
        kind: ObjectType,
    ) -> Result<Vec<Object>, StoreError> {
        self.list_referring_to(relation, &value.to_string(), kind)
            .await
    }

    /// The objects of a kind that refer to this text, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_referring_to(
        &mut self,
        relation: Relation,
        value: &str,
        kind: ObjectType,
    ) -> Result<Vec<Object>, StoreError> {
        let values = values![relation.label(), value, kind.label(), limits::PAGE_OBJECTS];
        self.list(LIST_REFERRING, values).await
    }

    /// The names of the objects of a kind that refer to these ids, each with the id, in the order of names for each
    /// batch of ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_names_referring(
        &mut self,
        relation: Relation,
        ids: &[Id],
        kind: ObjectType,
    ) -> Result<Vec<(Id, String)>, StoreError> {
        let mut found = Vec::new();
        for mut values in id_batches(ids) {
            values.extend(values![
                kind.label(),
                relation.label(),
                limits::PAGE_OBJECTS
            ]);
            let rows = self
                .fetch_all::<(String, String)>(LIST_NAMES_REFERRING, values)
                .await?;
            for (id, name) in rows {
                found.push((column("value").id(&id)?, name));
            }
        }
        Ok(found)
    }

    /// The ids of the objects of a kind that refer to this value, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_referring_ids(
        &mut self,
        relation: Relation,
        value: Id,
        kind: ObjectType,
    ) -> Result<Vec<Id>, StoreError> {
        let values = values![relation.label(), value, kind.label(), limits::PAGE_OBJECTS];
        let found = self
            .fetch_all::<(String,)>(LIST_REFERRING_IDS, values)
            .await?;
        found.iter().map(|(id,)| column("id").id(id)).collect()
    }
}
