//! Table `catalog_entry`: finding and listing the dimensions, metrics and tags of the metric catalog (docs/ingest.md).

use domain::{
    audit::event::{Attribution, CatalogKind},
    ingest::{
        MetricType,
        catalog::{names::EntryName, narrow::EntryRange},
    },
    objects::object::Stamp,
    platform::{
        document::Document,
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

use crate::platform::{
    Column, Conn, Sql, StoreError, Stored, Value, over_rows, statements, values,
};

macro_rules! columns {
    () => {
        "id, organization_id, kind, name, value, metric_type, document, created_at, created_via, updated_at, updated_via"
    };
}

statements! {
    const FIND: Sql = concat!("SELECT ", columns!(), " FROM catalog_entry WHERE id = $1");
    const LIST_BY_ID: Sql = over_rows!(
        concat!("SELECT ", columns!(), " FROM (SELECT given.value ->> 0 AS given_id FROM"),
        ") AS given CROSS JOIN catalog_entry WHERE id = given_id"
    );
    /// Documents that a request gave something. Most entries were gathered from data and have none.
    const LIST_DOCUMENTS: Sql = over_rows!(
        "SELECT id, document FROM (SELECT given.value ->> 0 AS given_id FROM",
        ") AS given CROSS JOIN catalog_entry WHERE id = given_id AND document <> '{}'"
    );
    /// Each bound is on name and value together, so that the index finds both ends.
    const WALK: Sql = "SELECT id, kind, name, value, metric_type, document, created_at, updated_at FROM catalog_entry \
        WHERE organization_id = $1 AND kind = $2 AND (name, value) >= ($3, $4) AND (name, value) < ($5, $6) \
        ORDER BY name, value LIMIT $7";
    const COUNT: Sql = "SELECT COUNT(*) FROM (SELECT 1 FROM catalog_entry WHERE organization_id = $1 AND kind = $2 \
        LIMIT $3) AS found";
    const FIND_PROPERTY: Sql = "SELECT entry_id FROM catalog_property WHERE organization_id = $1 AND name = $2 LIMIT 1";
}

/// A dimension, metric or tag.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogEntry {
    /// Its id, which follows from its name.
    pub id: Id,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: EntryName,
    /// The type of a metric.
    pub metric_type: Option<MetricType>,
    /// What requests gave it: description, properties and tags.
    pub document: Document,
    /// Its creation, by a request or by the first data.
    pub created: Stamp,
    /// Its last change by a request; its creation when no request changed it.
    pub updated: Stamp,
}

/// What a search looks at in an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchedEntry {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: EntryName,
    /// The type of a metric.
    pub metric_type: Option<MetricType>,
    /// Description, properties and tags.
    pub document: Document,
    /// When it was first seen or created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
pub(crate) struct EntryRow {
    id: String,
    organization_id: String,
    kind: String,
    name: String,
    value: String,
    metric_type: Option<String>,
    document: String,
    created_at: i64,
    created_via: String,
    updated_at: i64,
    updated_via: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct SearchedRow {
    id: String,
    kind: String,
    name: String,
    value: String,
    metric_type: Option<String>,
    document: String,
    created_at: i64,
    updated_at: i64,
}

pub(super) const fn column(name: &'static str) -> Column {
    Column("catalog_entry", name)
}

pub(super) fn metric_type(column: Column, label: &str) -> Result<MetricType, StoreError> {
    column.required(MetricType::from_label(label))
}

fn entry_name(kind: &str, name: String, value: String) -> Result<EntryName, StoreError> {
    Ok(EntryName {
        kind: column("kind").required(CatalogKind::from_label(kind))?,
        name,
        value,
    })
}

fn type_of(label: Option<&String>) -> Result<Option<MetricType>, StoreError> {
    label
        .map(|label| metric_type(column("metric_type"), label))
        .transpose()
}

impl Stored for CatalogEntry {
    type Row = EntryRow;

    fn from_row(row: EntryRow) -> Result<Self, StoreError> {
        let updated_via = row.updated_via.as_ref().unwrap_or(&row.created_via);
        let stamp = |at, name, via: &str| {
            Ok::<_, StoreError>(Stamp {
                at: Timestamp::from_micros(at),
                by: column(name).parse_json::<Attribution>(via)?,
            })
        };
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            metric_type: type_of(row.metric_type.as_ref())?,
            document: column("document").parse_json(&row.document)?,
            created: stamp(row.created_at, "created_via", &row.created_via)?,
            updated: stamp(row.updated_at, "updated_via", updated_via)?,
            name: entry_name(&row.kind, row.name, row.value)?,
        })
    }
}

impl Stored for SearchedEntry {
    type Row = SearchedRow;

    fn from_row(row: SearchedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column("id").id(&row.id)?,
            metric_type: type_of(row.metric_type.as_ref())?,
            document: column("document").parse_json(&row.document)?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            name: entry_name(&row.kind, row.name, row.value)?,
        })
    }
}

impl Conn {
    /// The entry with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_catalog_entry(&mut self, id: Id) -> Result<Option<CatalogEntry>, StoreError> {
        self.find(FIND, values![id]).await
    }

    /// The entries with these ids. The order is not defined.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_catalog_entries(
        &mut self,
        ids: &[Id],
    ) -> Result<Vec<CatalogEntry>, StoreError> {
        self.list(LIST_BY_ID, values![Value::id_rows(ids)?]).await
    }

    /// Those documents of the entries with these ids that are not empty.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_catalog_documents(
        &mut self,
        ids: &[Id],
    ) -> Result<Vec<(Id, Document)>, StoreError> {
        let rows = self
            .fetch_all::<(String, String)>(LIST_DOCUMENTS, values![Value::id_rows(ids)?])
            .await?;
        let documents = rows.iter().map(|(id, document)| {
            Ok((
                column("id").id(id)?,
                column("document").parse_json(document)?,
            ))
        });
        documents.collect()
    }

    /// The first entries of a kind in a range, at most `limit`, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn walk_catalog_entries(
        &mut self,
        organization_id: OrganizationId,
        kind: CatalogKind,
        range: &EntryRange,
        limit: i64,
    ) -> Result<Vec<SearchedEntry>, StoreError> {
        let ((from, from_value), (to, to_value)) = (&range.from, &range.to);
        let values = values![
            organization_id,
            kind.label(),
            from,
            from_value,
            to,
            to_value,
            limit
        ];
        self.list(WALK, values).await
    }

    /// The number of entries of a kind, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_catalog_entries(
        &mut self,
        organization_id: OrganizationId,
        kind: CatalogKind,
        limit: i64,
    ) -> Result<i64, StoreError> {
        let values = values![organization_id, kind.label(), limit];
        Ok(self.fetch_one::<(i64,)>(COUNT, values).await?.0)
    }

    /// Whether a request gave any entry a property of this name.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn has_catalog_property(
        &mut self,
        organization_id: OrganizationId,
        name: &str,
    ) -> Result<bool, StoreError> {
        let values = values![organization_id, name];
        Ok(self
            .fetch_optional::<(String,)>(FIND_PROPERTY, values)
            .await?
            .is_some())
    }
}
