//! Metric time series: find and search. A series has the properties and tags of its metric and its dimensions.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    ingest::catalog::{
        facts::Facts,
        names::EntryName,
        order::{CatalogOrder, SortKey},
        query::Query,
    },
    platform::{
        document::Document,
        id::Id,
        page::{OffsetPage, Page},
    },
};
use store::{Conn, MetricSeries};

use super::{
    search::{Found, in_order},
    store::dimensions_of,
    walk::{next_series, series_part},
};
use crate::{ingest::handle::Ingest, platform::error::ServiceError};

/// A series with what requests gave its metric and its dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesView {
    /// The series.
    pub series: MetricSeries,
    /// The documents of the metric and the dimensions that have one, the metric first.
    pub documents: Vec<Document>,
}

/// The documents of metrics and dimensions, by id.
type Documents = HashMap<Id, Document>;

impl Ingest {
    /// Finds a series.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find_series(&self, caller: &Caller, id: Id) -> Result<SeriesView, ServiceError> {
        self.catch_up_catalog().await;
        let mut read = self.platform.store().read().await?;
        let found = read.find_metric_series(id).await?;
        let found = found.filter(|series| series.organization_id == caller.organization_id());
        let series = found.ok_or_else(|| ServiceError::not_found("metric time series"))?;
        let documents = documents(&mut read, std::slice::from_ref(&series)).await?;
        Ok(view(series, &documents))
    }

    /// Searches the series; an empty query finds all.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the query cannot be parsed.
    pub async fn search_series(
        &self,
        caller: &Caller,
        query: &str,
        order_by: &str,
        page: OffsetPage,
    ) -> Result<Page<SeriesView>, ServiceError> {
        let query = Query::parse(query)?;
        let (order, is_descending) = CatalogOrder::parse(order_by);
        self.catch_up_catalog().await;
        let _search = self.intake.gathered.search().await;
        let mut read = self.platform.store().read().await?;
        let part = series_part(&mut read, caller, &query).await?;
        let needs_documents = query
            .terms()
            .iter()
            .any(|term| term.field.as_deref() != Some("sf_metric"));
        let (mut found, mut after) = (Found::default(), None);
        loop {
            let step = next_series(&mut read, caller, &part, after.as_ref()).await?;
            let documents = if needs_documents {
                documents(&mut read, &step).await?
            } else {
                Documents::new()
            };
            for series in &step {
                if facts(series, &documents).meet(&query) {
                    found.add(sort_key(series, order), series.id);
                }
            }
            match step.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        let page = found.page(is_descending, page);
        let rows = read.list_metric_series(&page.results).await?;
        let documents = documents(&mut read, &rows).await?;
        Ok(in_order(page, rows, |series| series.id).map(|series| view(series, &documents)))
    }
}

/// The ids of the metric and the dimensions of a series.
fn parts_of(series: &MetricSeries) -> impl Iterator<Item = Id> {
    let metric = EntryName::metric(&series.metric).id(series.organization_id);
    [metric]
        .into_iter()
        .chain(dimensions_of(series).map(|(dimension_id, _)| dimension_id))
}

/// The documents of the metrics and the dimensions of some series.
async fn documents(conn: &mut Conn, series: &[MetricSeries]) -> Result<Documents, ServiceError> {
    let ids: std::collections::BTreeSet<Id> = series.iter().flat_map(parts_of).collect();
    if ids.is_empty() {
        return Ok(Documents::new());
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    Ok(conn
        .list_catalog_documents(&ids)
        .await?
        .into_iter()
        .collect())
}

fn facts<'a>(series: &'a MetricSeries, documents: &'a Documents) -> Facts<'a> {
    let mut facts = Facts::of_series(&series.metric, series.metric_type, &series.dimensions);
    if !documents.is_empty() {
        for document in parts_of(series).filter_map(|id| documents.get(&id)) {
            facts.add_document(document);
        }
    }
    facts
}

fn view(series: MetricSeries, documents: &Documents) -> SeriesView {
    let documents = parts_of(&series)
        .filter_map(|id| documents.get(&id).cloned())
        .collect();
    SeriesView { series, documents }
}

fn sort_key(series: &MetricSeries, order: CatalogOrder) -> SortKey {
    match order {
        CatalogOrder::Name => SortKey::Text(series.metric.clone(), String::new()),
        // A series has no value of its own.
        CatalogOrder::Value | CatalogOrder::Updated => SortKey::At(series.last_at),
        CatalogOrder::Type => {
            SortKey::Text(series.metric_type.label().to_owned(), series.metric.clone())
        }
        CatalogOrder::Created => SortKey::At(series.created_at),
    }
}
