//! Adding, changing and deleting entries of the metric catalog: by requests, and gathered from data.

use domain::{
    ingest::MetricType,
    ingest::catalog::names::EntryName,
    platform::{
        document::Document,
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

use super::catalog_entry::{CatalogEntry, column};
use crate::{
    audit::Write,
    platform::{Conn, Housekeeping, Sql, StoreError, Value, over_rows, statements, values},
};

statements! {
    /// Adds nothing when another node or data has added it.
    const INSERT: Sql = "INSERT INTO catalog_entry (id, organization_id, kind, name, value, metric_type, document, \
        created_at, created_via, updated_at, updated_via) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT DO NOTHING";
    const UPDATE: Sql = "UPDATE catalog_entry SET metric_type = $2, document = $3, updated_at = $4, updated_via = $5 \
        WHERE id = $1";
    const DELETE: Sql = "DELETE FROM catalog_entry WHERE id = $1";
    const DELETE_PROPERTIES: Sql = "DELETE FROM catalog_property WHERE entry_id = $1";
    const INSERT_PROPERTIES: Sql = over_rows!(
        "INSERT INTO catalog_property (organization_id, name, entry_id) SELECT $2, given.value ->> 0, $3 FROM",
        "WHERE true"
    );
    const LIST_KNOWN: Sql = over_rows!(
        "SELECT id FROM (SELECT given.value ->> 0 AS given_id FROM",
        ") AS given CROSS JOIN catalog_entry WHERE id = given_id"
    );
    /// Ordered, because transactions of two nodes could deadlock otherwise.
    const GATHER: Sql = over_rows!(
        "INSERT INTO catalog_entry (id, organization_id, kind, name, value, metric_type, document, created_at, created_via, \
         updated_at, updated_via) SELECT given.value ->> 0, given.value ->> 1, given.value ->> 2, given.value ->> 3, \
         given.value ->> 4, given.value ->> 5, '{}', CAST(given.value ->> 6 AS BIGINT), given.value ->> 7, \
         CAST(given.value ->> 6 AS BIGINT), NULL FROM",
        "WHERE true ORDER BY given.value ->> 0 ON CONFLICT DO NOTHING"
    );
}

/// An entry that data was sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatheredEntry<'a> {
    /// Its id.
    pub id: Id,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: EntryName,
    /// The type of a metric.
    pub metric_type: Option<MetricType>,
    /// When it was first seen.
    pub at: Timestamp,
    /// The attribution of the request that sent it, as JSON.
    pub via: &'a str,
}

impl Write {
    /// Adds an entry. Returns `false` when there is one of its name.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_catalog_entry(&mut self, entry: &CatalogEntry) -> Result<bool, StoreError> {
        let metric_type = label(entry.metric_type);
        let values = values![
            entry.id,
            entry.organization_id,
            entry.name.kind.label(),
            &entry.name.name,
            &entry.name.value,
            &metric_type,
            column("document").to_json(&entry.document)?,
            entry.created.at,
            column("created_via").to_json(&entry.created.by)?,
            entry.updated.at,
            column("updated_via").to_json(&entry.updated.by)?,
        ];
        if self.execute(INSERT, values).await? == 0 {
            return Ok(false);
        }
        set_properties(self, entry).await?;
        Ok(true)
    }

    /// Stores what a request changed in an entry.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn update_catalog_entry(&mut self, entry: &CatalogEntry) -> Result<(), StoreError> {
        let metric_type = label(entry.metric_type);
        let values = values![
            entry.id,
            &metric_type,
            column("document").to_json(&entry.document)?,
            entry.updated.at,
            column("updated_via").to_json(&entry.updated.by)?,
        ];
        self.execute(UPDATE, values).await?;
        self.execute(DELETE_PROPERTIES, values![entry.id]).await?;
        set_properties(self, entry).await
    }

    /// Deletes an entry.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn delete_catalog_entry(&mut self, id: Id) -> Result<(), StoreError> {
        self.execute(DELETE, values![id]).await?;
        Ok(())
    }
}

async fn set_properties(conn: &mut Conn, entry: &CatalogEntry) -> Result<(), StoreError> {
    let properties = entry
        .document
        .get("customProperties")
        .and_then(|value| value.as_object());
    let names: Vec<[&String; 1]> = properties
        .into_iter()
        .flat_map(Document::keys)
        .map(|name| [name])
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let values = values![Value::rows(&names)?, entry.organization_id, entry.id];
    conn.execute(INSERT_PROPERTIES, values).await?;
    Ok(())
}

fn label(metric_type: Option<MetricType>) -> Option<String> {
    metric_type.map(|known| known.label().to_owned())
}

impl Conn {
    /// The ids of these that entries have. The order is not defined.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_known_catalog_ids(&mut self, ids: &[Id]) -> Result<Vec<Id>, StoreError> {
        let known = self
            .fetch_all::<(String,)>(LIST_KNOWN, values![Value::id_rows(ids)?])
            .await?;
        known.iter().map(|(id,)| column("id").id(id)).collect()
    }
}

impl Housekeeping {
    /// Adds entries that data was sent for, each given once. Those that exist are not changed.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn housekeep_catalog_entries(
        &mut self,
        entries: &[GatheredEntry<'_>],
    ) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                (
                    entry.id,
                    entry.organization_id,
                    entry.name.kind.label(),
                    &entry.name.name,
                    &entry.name.value,
                    entry.metric_type.map(MetricType::label),
                    entry.at.as_micros(),
                    entry.via,
                )
            })
            .collect();
        self.execute(GATHER, values![Value::rows(&rows)?]).await?;
        Ok(())
    }
}
