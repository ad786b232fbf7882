//! Stores what was gathered, in batches. A batch that cannot be stored waits for the next run; storing it twice changes
//! nothing.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use domain::{
    audit::event::CatalogKind,
    identity::actor::Caller,
    ingest::catalog::names::{EntryName, series_id},
    platform::{
        id::{Id, OrganizationId},
        limits,
        timestamp::Timestamp,
    },
};
use store::{Conn, GatheredEntry, MetricSeries};
use tokio::time::timeout;

use crate::{
    ingest::{
        catalog::gathered::{Observer, Waiting},
        handle::Ingest,
    },
    platform::{error::ServiceError, removal_run::RemovalRun, tasks::Tasks},
};

/// How often the catalog is stored.
const STORE_INTERVAL: Duration = Duration::from_secs(5);

/// How long a read waits until what was gathered is stored.
const CATCH_UP_TIMEOUT: Duration = Duration::from_secs(5);

/// Series in one transaction.
const SERIES_AT_ONCE: usize = 500;

/// Dimensions of series in one transaction: other writers wait for a fraction of a second.
const DIMENSIONS_AT_ONCE: usize = 4_000;

/// Series that are removed in one transaction.
const REMOVED_AT_ONCE: i64 = 500;

/// What a batch of observations adds to the catalog, in the order of ids.
#[derive(Default)]
struct Batch<'a> {
    series: BTreeMap<Id, MetricSeries>,
    entries: BTreeMap<Id, GatheredEntry<'a>>,
}

impl<'a> Batch<'a> {
    fn of(waiting: &'a [Arc<Waiting>]) -> Self {
        let mut batch = Self::default();
        for seen in waiting {
            batch.add(seen);
        }
        batch
    }

    fn add(&mut self, seen: &'a Waiting) {
        let organization_id = seen.organization_id;
        let dimensions: BTreeMap<_, _> = seen.observation.dimensions.iter().cloned().collect();
        for (key, value) in dimensions
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
        {
            self.add_entry(seen, EntryName::dimension(key, value), None);
        }
        let Some((metric, metric_type)) = &seen.observation.metric else {
            return;
        };
        self.add_entry(seen, EntryName::metric(metric), Some(*metric_type));
        let id = series_id(organization_id, metric, &dimensions);
        let series = self.series.entry(id).or_insert_with(|| MetricSeries {
            id,
            organization_id,
            metric: metric.clone(),
            metric_type: *metric_type,
            dimensions,
            created_at: seen.at,
            created_by: seen.sender,
            last_at: seen.at,
        });
        series.last_at = series.last_at.max(seen.at);
    }

    fn add_entry(
        &mut self,
        seen: &'a Waiting,
        name: EntryName,
        metric_type: Option<domain::ingest::MetricType>,
    ) {
        let id = name.id(seen.organization_id);
        self.entries.entry(id).or_insert_with(|| GatheredEntry {
            id,
            organization_id: seen.organization_id,
            name,
            metric_type,
            at: seen.at.to_whole_millis(),
            via: &seen.via,
        });
    }
}

/// The ids of the dimensions of a series, each with that of the series.
pub(super) fn dimensions_of(series: &MetricSeries) -> impl Iterator<Item = (Id, Id)> {
    series.dimensions.iter().map(|(key, value)| {
        let dimension = EntryName::dimension(key, value);
        (dimension.id(series.organization_id), series.id)
    })
}

impl Ingest {
    /// Gathers the series in the data of a request, for [`crate::Parcel::observations`].
    #[must_use]
    pub fn observer(&self, caller: &Caller) -> Observer {
        let gathered = Arc::clone(&self.intake.gathered);
        gathered.observer(caller.organization_id(), self.platform.now())
    }

    /// How often a series was left out, because the catalog is full.
    pub(crate) fn series_left_out(&self) -> u64 {
        self.intake.gathered.left_out()
    }

    /// Stores what was gathered up to now.
    pub(crate) async fn store_catalog(&self) -> Result<(), ServiceError> {
        let gathered = &self.intake.gathered;
        let _storing = gathered.storing.lock().await;
        let mut left = gathered.waiting_count();
        while left > 0 {
            // Not removed before it is stored, because this future may be dropped.
            let batch = gathered.oldest(SERIES_AT_ONCE.min(left), DIMENSIONS_AT_ONCE);
            let Some(first) = batch.first() else {
                return Ok(());
            };
            self.store_batch(first.organization_id, Batch::of(&batch))
                .await?;
            gathered.remove_oldest(batch.len());
            left = left.saturating_sub(batch.len());
        }
        Ok(())
    }

    /// Stores what was gathered before a read. The read does without what cannot be stored now, on a full disk for
    /// example, or not in time.
    pub(super) async fn catch_up_catalog(&self) {
        match timeout(CATCH_UP_TIMEOUT, self.store_catalog()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::debug!(%error, "The metric catalog could not be stored before a read.");
            }
            Err(_) => tracing::debug!("The metric catalog was not stored in time before a read."),
        }
    }

    async fn store_batch(
        &self,
        organization_id: OrganizationId,
        batch: Batch<'_>,
    ) -> Result<(), ServiceError> {
        let store = self.platform.store();
        let mut read = store.read().await?;
        let ids: Vec<Id> = batch.series.keys().copied().collect();
        let known = read.list_known_series_ids(&ids).await?;
        let known: HashSet<Id> = known.into_iter().collect();
        let (old, mut new): (Vec<&MetricSeries>, Vec<&MetricSeries>) = batch
            .series
            .values()
            .partition(|series| known.contains(&series.id));
        if !new.is_empty() {
            let limit = limits::CATALOG_SERIES;
            let room = limit - read.count_metric_series(organization_id, limit).await?;
            let room = usize::try_from(room).unwrap_or_default();
            let left_out = new.len().saturating_sub(room);
            self.intake.gathered.leave_out(left_out, limit);
            new.truncate(room);
        }
        let (entries, left_out) = new_entries(&mut read, organization_id, &batch).await?;
        let limit = limits::CATALOG_ENTRIES;
        self.intake.gathered.leave_out(left_out, limit);
        drop(read);
        let seen = old.iter().map(|series| (series.id, series.last_at));
        let seen: Vec<(Id, Timestamp)> = seen.collect();
        let dimensions = new.iter().flat_map(|series| dimensions_of(series));
        let dimensions: Vec<(Id, Id)> = dimensions.collect();
        let mut housekeeping = store.housekeep().await?;
        housekeeping.housekeep_catalog_entries(&entries).await?;
        housekeeping.housekeep_new_series(&new, &dimensions).await?;
        housekeeping.housekeep_seen_series(&seen).await?;
        Ok(housekeeping.finish().await?)
    }

    /// Removes series that were not seen for [`limits::CATALOG_SERIES_DAYS`]. Returns how many were removed.
    pub(crate) async fn remove_old_series(&self, run: &RemovalRun) -> Result<u64, ServiceError> {
        let (before, mut removed) = (run.days_ago(limits::CATALOG_SERIES_DAYS), 0);
        while !run.is_over() {
            let mut housekeeping = self.platform.store().housekeep().await?;
            let some = housekeeping
                .housekeep_old_series(before, REMOVED_AT_ONCE)
                .await?;
            housekeeping.finish().await?;
            removed += some;
            if some < REMOVED_AT_ONCE.unsigned_abs() {
                break;
            }
        }
        Ok(removed)
    }

    /// Starts storing the catalog in the background.
    pub(crate) fn start_catalog(&self, tasks: &Tasks) {
        let ingest = self.clone();
        tasks.every("store the metric catalog", STORE_INTERVAL, move || {
            let ingest = ingest.clone();
            async move { ingest.store_catalog().await }
        });
    }
}

/// The entries of a batch that are not stored yet, as far as there is room for them, and the number of the others.
async fn new_entries<'a>(
    read: &mut Conn,
    organization_id: OrganizationId,
    batch: &Batch<'a>,
) -> Result<(Vec<GatheredEntry<'a>>, usize), ServiceError> {
    let ids: Vec<Id> = batch.entries.keys().copied().collect();
    let known = read.list_known_catalog_ids(&ids).await?;
    let known: HashSet<Id> = known.into_iter().collect();
    let (mut entries, mut left_out) = (Vec::new(), 0);
    for kind in [CatalogKind::Dimension, CatalogKind::Metric] {
        let is_new =
            |entry: &GatheredEntry<'_>| entry.name.kind == kind && !known.contains(&entry.id);
        let mut new: Vec<_> = batch.entries.values().cloned().collect();
        new.retain(is_new);
        if !new.is_empty() {
            let limit = limits::CATALOG_ENTRIES;
            let count = read.count_catalog_entries(organization_id, kind, limit);
            let room = usize::try_from(limit - count.await?).unwrap_or_default();
            left_out += new.len().saturating_sub(room);
            new.truncate(room);
            entries.extend(new);
        }
    }
    Ok((entries, left_out))
}
