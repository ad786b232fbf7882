//! Adding series that data was sent for, noting when they were last seen, and removing them by age.

use domain::platform::{id::Id, timestamp::Timestamp};

use super::metric_series::{MetricSeries, column};
use crate::platform::{Conn, Housekeeping, Sql, StoreError, Value, over_rows, statements, values};

statements! {
    const LIST_KNOWN: Sql = over_rows!(
        "SELECT id FROM (SELECT given.value ->> 0 AS given_id FROM",
        ") AS given CROSS JOIN metric_series WHERE id = given_id"
    );
    /// These statements are ordered, because transactions of two nodes could deadlock otherwise.
    const INSERT: Sql = over_rows!(
        "INSERT INTO metric_series (id, organization_id, metric, metric_type, dimensions, created_at, created_by, last_at) \
         SELECT given.value ->> 0, given.value ->> 1, given.value ->> 2, given.value ->> 3, given.value ->> 4, \
         CAST(given.value ->> 5 AS BIGINT), given.value ->> 6, CAST(given.value ->> 7 AS BIGINT) FROM",
        "WHERE true ORDER BY given.value ->> 0 ON CONFLICT DO NOTHING"
    );
    const INSERT_DIMENSIONS: Sql = over_rows!(
        "INSERT INTO series_dimension (dimension_id, series_id) SELECT given.value ->> 0, given.value ->> 1 FROM",
        "WHERE true ORDER BY given.value ->> 0, given.value ->> 1 ON CONFLICT DO NOTHING"
    );
    /// An insert, because an update has no order; each row conflicts with itself.
    const SEE: Sql = over_rows!(
        "INSERT INTO metric_series (id, organization_id, metric, metric_type, dimensions, created_at, created_by, last_at) \
         SELECT s.id, s.organization_id, s.metric, s.metric_type, s.dimensions, s.created_at, s.created_by, \
         CAST(given.value ->> 1 AS BIGINT) FROM",
        "JOIN metric_series s ON s.id = given.value ->> 0 WHERE s.last_at < CAST(given.value ->> 1 AS BIGINT) ORDER BY s.id \
         ON CONFLICT (id) DO UPDATE SET last_at = CASE WHEN excluded.last_at > metric_series.last_at \
         THEN excluded.last_at ELSE metric_series.last_at END"
    );
    const REMOVE: Sql = "DELETE FROM metric_series WHERE id IN (SELECT id FROM metric_series WHERE last_at < $1 \
        ORDER BY last_at, id LIMIT $2)";
}

impl Conn {
    /// The ids of these that series have. The order is not defined.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_known_series_ids(&mut self, ids: &[Id]) -> Result<Vec<Id>, StoreError> {
        let known = self
            .fetch_all::<(String,)>(LIST_KNOWN, values![Value::id_rows(ids)?])
            .await?;
        known.iter().map(|(id,)| column("id").id(id)).collect()
    }
}

impl Housekeeping {
    /// Adds series, each given once, with the ids of their dimensions. Those that exist are not changed.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn housekeep_new_series(
        &mut self,
        series: &[&MetricSeries],
        dimensions: &[(Id, Id)],
    ) -> Result<(), StoreError> {
        if series.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(series.len());
        for series in series {
            rows.push((
                series.id,
                series.organization_id,
                &series.metric,
                series.metric_type.label(),
                column("dimensions").to_json(&series.dimensions)?,
                series.created_at.as_micros(),
                series.created_by,
                series.last_at.as_micros(),
            ));
        }
        self.execute(INSERT, values![Value::rows(&rows)?]).await?;
        self.execute(INSERT_DIMENSIONS, values![Value::rows(&dimensions)?])
            .await?;
        Ok(())
    }

    /// Notes when series were last seen, each given once. An earlier time than the stored one changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn housekeep_seen_series(
        &mut self,
        seen: &[(Id, Timestamp)],
    ) -> Result<(), StoreError> {
        if seen.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = seen.iter().map(|(id, at)| (id, at.as_micros())).collect();
        self.execute(SEE, values![Value::rows(&rows)?]).await?;
        Ok(())
    }

    /// Removes at most `limit` series that were last seen before a time. Returns how many.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn housekeep_old_series(
        &mut self,
        before: Timestamp,
        limit: i64,
    ) -> Result<u64, StoreError> {
        self.execute(REMOVE, values![before, limit]).await
    }
}
