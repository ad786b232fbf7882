//! Tables `metric_series` and `series_dimension`: the metric time series of the metric catalog (docs/ingest.md).

use std::collections::BTreeMap;

use domain::{
    ingest::{MetricType, catalog::query::TextRange},
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

use super::catalog_entry::metric_type;
use crate::platform::{
    Column, Conn, Sql, StoreError, Stored, Value, over_rows, statements, values,
};

macro_rules! columns {
    () => {
        "id, organization_id, metric, metric_type, dimensions, created_at, created_by, last_at"
    };
}

statements! {
    const FIND: Sql = concat!("SELECT ", columns!(), " FROM metric_series WHERE id = $1");
    const LIST_BY_ID: Sql = over_rows!(
        concat!("SELECT ", columns!(), " FROM (SELECT given.value ->> 0 AS given_id FROM"),
        ") AS given CROSS JOIN metric_series WHERE id = given_id"
    );
    const WALK: Sql = concat!(
        "SELECT ", columns!(), " FROM metric_series WHERE organization_id = $1 AND (metric, id) > ($2, $3) AND metric < $4 \
         ORDER BY metric, id LIMIT $5"
    );
    const WALK_OF_DIMENSION: Sql = concat!(
        "SELECT ", columns!(), " FROM series_dimension CROSS JOIN metric_series \
         WHERE dimension_id = $1 AND series_id > $2 AND id = series_id ORDER BY series_id LIMIT $3"
    );
    const COUNT: Sql =
        "SELECT COUNT(*) FROM (SELECT 1 FROM metric_series WHERE organization_id = $1 LIMIT $2) AS found";
}

/// A metric time series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricSeries {
    /// Its id, which follows from metric and dimensions.
    pub id: Id,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// The name of the metric.
    pub metric: String,
    /// The type of the datapoint that it was first seen in.
    pub metric_type: MetricType,
    /// Its dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// The org token that first sent it.
    pub created_by: Id,
    /// When it was last seen, about.
    pub last_at: Timestamp,
}

#[derive(sqlx::FromRow)]
pub(crate) struct SeriesRow {
    id: String,
    organization_id: String,
    metric: String,
    metric_type: String,
    dimensions: String,
    created_at: i64,
    created_by: String,
    last_at: i64,
}

pub(super) const fn column(name: &'static str) -> Column {
    Column("metric_series", name)
}

impl Stored for MetricSeries {
    type Row = SeriesRow;

    fn from_row(row: SeriesRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            metric: row.metric,
            metric_type: metric_type(column("metric_type"), &row.metric_type)?,
            dimensions: column("dimensions").parse_json(&row.dimensions)?,
            created_at: Timestamp::from_micros(row.created_at),
            created_by: column("created_by").id(&row.created_by)?,
            last_at: Timestamp::from_micros(row.last_at),
        })
    }
}

impl Conn {
    /// The series with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_metric_series(&mut self, id: Id) -> Result<Option<MetricSeries>, StoreError> {
        self.find(FIND, values![id]).await
    }

    /// The series with these ids, in no order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_metric_series(
        &mut self,
        ids: &[Id],
    ) -> Result<Vec<MetricSeries>, StoreError> {
        self.list(LIST_BY_ID, values![Value::id_rows(ids)?]).await
    }

    /// At most `limit` series of these metrics, after one, in the order of metrics and ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn walk_metric_series(
        &mut self,
        organization_id: OrganizationId,
        metrics: &TextRange,
        after: Option<&MetricSeries>,
        limit: i64,
    ) -> Result<Vec<MetricSeries>, StoreError> {
        let (metric, id) = after.map_or((&metrics.from, String::new()), |after| {
            (&after.metric, after.id.to_string())
        });
        let values = values![organization_id, metric, id, &metrics.to, limit];
        self.list(WALK, values).await
    }

    /// At most `limit` series of a dimension, after one, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn walk_series_of_dimension(
        &mut self,
        dimension_id: Id,
        after: Option<&MetricSeries>,
        limit: i64,
    ) -> Result<Vec<MetricSeries>, StoreError> {
        let after = after.map_or_else(String::new, |after| after.id.to_string());
        self.list(WALK_OF_DIMENSION, values![dimension_id, after, limit])
            .await
    }

    /// The number of series, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_metric_series(
        &mut self,
        organization_id: OrganizationId,
        limit: i64,
    ) -> Result<i64, StoreError> {
        Ok(self
            .fetch_one::<(i64,)>(COUNT, values![organization_id, limit])
            .await?
            .0)
    }
}
