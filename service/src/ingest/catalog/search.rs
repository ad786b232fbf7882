//! Searching dimensions, metrics and tags. A search reads its part of the catalog step by step, and keeps the ids and the
//! sort keys of what it finds; then it reads the rows of the page.

use domain::{
    audit::event::CatalogKind,
    identity::actor::Caller,
    ingest::{
        MetricType,
        catalog::{
            facts::Facts,
            order::{CatalogOrder, SortKey},
            query::Query,
        },
    },
    platform::{
        id::Id,
        limits,
        page::{OffsetPage, Page},
    },
};
use store::{CatalogEntry, SearchedEntry};

use super::walk::{entry_range, next_entries};
use crate::{ingest::handle::Ingest, platform::error::ServiceError};

/// What a search found: sort keys and ids.
#[derive(Debug, Default)]
pub(super) struct Found(Vec<(SortKey, Id)>);

impl Found {
    pub(super) fn add(&mut self, key: SortKey, id: Id) {
        self.0.push((key, id));
    }

    /// The ids of a page, in order, and the length of the list. No page extends beyond what is counted, because clients
    /// read pages until they have as many items as were counted.
    pub(super) fn page(mut self, is_descending: bool, page: OffsetPage) -> Page<Id> {
        self.0.sort_unstable();
        if is_descending {
            self.0.reverse();
        }
        self.0
            .truncate(usize::try_from(limits::PAGE_OBJECTS).unwrap_or(usize::MAX));
        Page::of_all(self.0.into_iter().map(|(_, id)| id).collect(), page)
    }
}

/// Puts the rows of a page into its order.
pub(super) fn in_order<T>(page: Page<Id>, rows: Vec<T>, id_of: impl Fn(&T) -> Id) -> Page<T> {
    let mut by_id: std::collections::HashMap<Id, T> =
        rows.into_iter().map(|row| (id_of(&row), row)).collect();
    Page {
        count: page.count,
        // Entries that were deleted in the meantime are left out.
        results: page
            .results
            .iter()
            .filter_map(|id| by_id.remove(id))
            .collect(),
    }
}

impl Ingest {
    /// Searches the entries of a kind; an empty query finds all.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the query cannot be parsed.
    pub async fn search_entries(
        &self,
        caller: &Caller,
        kind: CatalogKind,
        query: &str,
        order_by: &str,
        page: OffsetPage,
    ) -> Result<Page<CatalogEntry>, ServiceError> {
        let query = Query::parse(query)?;
        let (order, is_descending) = CatalogOrder::parse(order_by);
        self.catch_up_catalog().await;
        let _search = self.intake.gathered.search().await;
        let mut read = self.platform.store().read().await?;
        let mut range = entry_range(&mut read, caller, kind, &query).await?;
        let mut found = Found::default();
        loop {
            let step = next_entries(&mut read, caller, kind, &range).await?;
            for entry in &step {
                if Facts::of_entry(&entry.name, entry.metric_type, &entry.document).meet(&query) {
                    found.add(sort_key(entry, order), entry.id);
                }
            }
            match step.into_iter().next_back() {
                Some(last) => range.continue_after(&last.name),
                None => break,
            }
        }
        let page = found.page(is_descending, page);
        let rows = read.list_catalog_entries(&page.results).await?;
        Ok(in_order(page, rows, |entry| entry.id))
    }
}

fn sort_key(entry: &SearchedEntry, order: CatalogOrder) -> SortKey {
    let (name, value) = (&entry.name.name, &entry.name.value);
    match order {
        CatalogOrder::Name => SortKey::Text(name.clone(), value.clone()),
        CatalogOrder::Value => SortKey::Text(value.clone(), name.clone()),
        CatalogOrder::Type => SortKey::Text(label(entry.metric_type), name.clone()),
        CatalogOrder::Created => SortKey::At(entry.created_at),
        CatalogOrder::Updated => SortKey::At(entry.updated_at),
    }
}

fn label(metric_type: Option<MetricType>) -> String {
    metric_type.map_or("", MetricType::label).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_extends_beyond_the_most_that_is_counted() {
        let page = |limit, offset, is_descending| {
            let mut found = Found::default();
            for number in 0..limits::PAGE_OBJECTS.unsigned_abs() + 5 {
                found.add(
                    SortKey::Text(format!("{number:05}"), String::new()),
                    Id::from_bits(number),
                );
            }
            let page = found.page(is_descending, OffsetPage { limit, offset });
            let bits: Vec<u64> = page.results.iter().map(|id| id.bits()).collect();
            (page.count, bits)
        };
        assert_eq!(page(2, 0, false), (10_000, vec![0, 1]));
        assert_eq!(page(2, 0, true), (10_000, vec![10_004, 10_003]));
        assert_eq!(page(10, 9_999, false), (10_000, vec![9_999]));
        assert_eq!(page(10, 10_000, false), (10_000, vec![]));
    }
}
