//! The part of the metric catalog that a search reads, step by step: nothing of it is in memory but the current step.

use domain::{
    audit::event::CatalogKind,
    identity::actor::Caller,
    ingest::catalog::{
        names::EntryName,
        narrow::{EntryRange, SeriesOf, entries_of, series_of},
        query::{Query, TextRange},
    },
    platform::id::Id,
};
use store::{Conn, MetricSeries, SearchedEntry};

use crate::platform::error::ServiceError;

/// Rows that are read at once.
pub(super) const STEP: i64 = 1_000;

/// The property that must not exist for a search to be narrowed to metrics.
const METRIC_FIELD: &str = "sf_metric";

/// The series that a search reads.
pub(super) enum SeriesPart {
    /// The series of these metrics.
    Metrics(TextRange),
    /// The series of a dimension.
    Dimension(Id),
}

/// The narrowest range of entries that has everything that a query finds.
pub(super) async fn entry_range(
    conn: &mut Conn,
    caller: &Caller,
    kind: CatalogKind,
    query: &Query,
) -> Result<EntryRange, ServiceError> {
    for (field, range) in entries_of(kind, query) {
        if !conn
            .has_catalog_property(caller.organization_id(), field)
            .await?
        {
            return Ok(range);
        }
    }
    Ok(EntryRange::everything())
}

/// The narrowest part of the series that has everything that a query finds.
pub(super) async fn series_part(
    conn: &mut Conn,
    caller: &Caller,
    query: &Query,
) -> Result<SeriesPart, ServiceError> {
    let organization_id = caller.organization_id();
    for of in series_of(query) {
        let (field, part) = match of {
            SeriesOf::Metrics(range) => (METRIC_FIELD, SeriesPart::Metrics(range)),
            SeriesOf::Dimension(key, value) => {
                let dimension = EntryName::dimension(key, value);
                (key, SeriesPart::Dimension(dimension.id(organization_id)))
            }
        };
        if !conn.has_catalog_property(organization_id, field).await? {
            return Ok(part);
        }
    }
    Ok(SeriesPart::Metrics(TextRange::everything()))
}

/// The first step of entries in a range; empty after the last.
pub(super) async fn next_entries(
    conn: &mut Conn,
    caller: &Caller,
    kind: CatalogKind,
    range: &EntryRange,
) -> Result<Vec<SearchedEntry>, ServiceError> {
    Ok(conn
        .walk_catalog_entries(caller.organization_id(), kind, range, STEP)
        .await?)
}

/// The next step of series; empty after the last.
pub(super) async fn next_series(
    conn: &mut Conn,
    caller: &Caller,
    part: &SeriesPart,
    after: Option<&MetricSeries>,
) -> Result<Vec<MetricSeries>, ServiceError> {
    Ok(match part {
        SeriesPart::Metrics(range) => {
            conn.walk_metric_series(caller.organization_id(), range, after, STEP)
                .await?
        }
        SeriesPart::Dimension(id) => conn.walk_series_of_dimension(*id, after, STEP).await?,
    })
}
