//! What data shows of the metric catalog, in memory: which series were seen recently, so that nothing more is done for
//! their datapoints, and those that are not stored yet.
//!
//! Both are bounded. What does not fit is forgotten, and gathered again with its next datapoint.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use domain::{
    audit::event::Attribution,
    identity::actor::Caller,
    ingest::MetricType,
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::platform::lock::lock;

/// Series that are known at a time: twice those that an organization may have, in about 5 MiB.
const KNOWN: usize = 200_000;

/// Series that wait to be stored.
const WAITING: usize = 20_000;

/// Bytes of the names of the series that wait.
const WAITING_BYTES: usize = 32 << 20;

/// Bytes of the names of the new series of one request.
const FOUND_BYTES: usize = 8 << 20;

/// Searches at once.
const SEARCHES: usize = 2;

/// How exactly it is stored when a series was last seen: it is stored once in this time.
const SEEN_MINUTES: i64 = 10;

/// The gathered part of the metric catalog of this process.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    keys: RandomState,
    known: RwLock<Known>,
    waiting: Mutex<Queue>,
    searches: Searches,
    /// Held while the waiting series are stored: one task stores them.
    pub(super) storing: tokio::sync::Mutex<()>,
    left_out: AtomicU64,
    is_warned: AtomicBool,
}

/// The searches that run at once on this node.
#[derive(Debug)]
struct Searches(Semaphore);

impl Default for Searches {
    fn default() -> Self {
        Self(Semaphore::new(SEARCHES))
    }
}

/// The series that were seen, by key, and when: in units of [`SEEN_MINUTES`].
#[derive(Debug, Default)]
struct Known {
    seen: HashMap<u64, i64>,
    /// When those of earlier periods were last removed.
    pruned: i64,
}

impl Known {
    /// Whether there is room for another series in this period.
    fn has_room(&mut self, period: i64) -> bool {
        if self.seen.len() >= KNOWN && self.pruned < period {
            self.seen.retain(|_, seen| *seen >= period);
            self.pruned = period;
        }
        self.seen.len() < KNOWN
    }
}

/// Series that are not stored yet.
#[derive(Debug, Default)]
struct Queue {
    series: VecDeque<Arc<Waiting>>,
    bytes: usize,
}

/// A series, or the dimensions of an event, in the data of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    key: u64,
    /// The metric and its type; `None` for an event.
    pub(super) metric: Option<(String, MetricType)>,
    pub(super) dimensions: Vec<(String, String)>,
}

impl Observation {
    fn bytes(&self) -> usize {
        let name = self.metric.as_ref().map_or(0, |(name, _)| name.len());
        let dimensions = self.dimensions.iter();
        name + dimensions
            .map(|(key, value)| key.len() + value.len())
            .sum::<usize>()
    }
}

/// An observation that is not stored yet.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) observation: Observation,
    pub(super) organization_id: OrganizationId,
    pub(super) at: Timestamp,
    /// The org token that sent it.
    pub(super) sender: Id,
    /// The attribution of the request, as JSON.
    pub(super) via: Arc<str>,
}

/// Gathers the series in the data of one request that were not seen recently.
#[derive(Debug)]
pub struct Observer {
    gathered: Arc<Gathered>,
    organization_id: OrganizationId,
    period: i64,
    found: Vec<Observation>,
    found_bytes: usize,
    keys: HashSet<u64>,
}

/// The period in which a series is seen.
const fn period(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(SEEN_MINUTES * 60_000)
}

impl Observer {
    /// Notes the series of a datapoint. For one that was seen recently this hashes its dimensions and allocates nothing.
    pub fn datapoint<'a>(
        &mut self,
        metric: &str,
        metric_type: MetricType,
        dimensions: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    ) {
        self.shared_datapoint(metric, metric_type, 0, dimensions.clone(), dimensions);
    }

    /// Notes the series of a datapoint that shares attributes with others: `shared` is their [`Self::sum`], which is
    /// computed once, `own` are the other attributes, and `dimensions` is what they result in.
    pub fn shared_datapoint<'a, 'b>(
        &mut self,
        metric: &str,
        metric_type: MetricType,
        shared: u64,
        own: impl Iterator<Item = (&'a str, &'a str)>,
        dimensions: impl Iterator<Item = (&'b str, &'b str)> + Clone,
    ) {
        if self.is_full() {
            return;
        }
        let key = self.key(Some(metric), shared.wrapping_add(self.sum(own)));
        self.note(key, Some((metric, metric_type)), dimensions);
    }

    /// Notes the dimensions of an event.
    pub fn event<'a>(&mut self, dimensions: impl Iterator<Item = (&'a str, &'a str)> + Clone) {
        if self.is_full() {
            return;
        }
        let key = self.key(None, self.sum(dimensions.clone()));
        self.note(key, None, dimensions);
    }

    /// The part of the key of a series that these dimensions are: a sum, because their order means nothing.
    pub fn sum<'a>(&self, dimensions: impl Iterator<Item = (&'a str, &'a str)>) -> u64 {
        let hashes = dimensions.map(|pair| self.gathered.keys.hash_one(pair));
        hashes.fold(0, u64::wrapping_add)
    }

    fn key(&self, metric: Option<&str>, sum: u64) -> u64 {
        let keys = &self.gathered.keys;
        keys.hash_one((self.organization_id.0.bits(), metric))
            .wrapping_add(sum)
    }

    /// Whether the request has shown as much as is gathered of one. The rest is gathered with later datapoints.
    const fn is_full(&self) -> bool {
        self.found.len() >= WAITING || self.found_bytes >= FOUND_BYTES
    }

    fn note<'a>(
        &mut self,
        key: u64,
        metric: Option<(&str, MetricType)>,
        dimensions: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    ) {
        let name = metric.map(|(name, _)| name);
        let is_known = self
            .gathered
            .known()
            .seen
            .get(&key)
            .is_some_and(|seen| *seen >= self.period);
        if is_known || !self.keys.insert(key) {
            return;
        }
        // No database stores U+0000 in a text.
        let has_nul = |text: &str| text.contains('\0');
        if name.is_some_and(has_nul)
            || dimensions
                .clone()
                .any(|(key, value)| has_nul(key) || has_nul(value))
        {
            return;
        }
        let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        let observation = Observation {
            key,
            metric: metric.map(|(name, metric_type)| (name.to_owned(), metric_type)),
            dimensions: dimensions.map(owned).collect(),
        };
        self.found_bytes += observation.bytes();
        self.found.push(observation);
    }

    /// What was gathered.
    #[must_use]
    pub fn finish(self) -> Vec<Observation> {
        self.found
    }
}

impl Gathered {
    pub(super) fn observer(
        self: Arc<Self>,
        organization_id: OrganizationId,
        now: Timestamp,
    ) -> Observer {
        Observer {
            gathered: self,
            organization_id,
            period: period(now),
            found: Vec::new(),
            found_bytes: 0,
            keys: HashSet::new(),
        }
    }

    /// Adds what was gathered from a request, when its data is on disk.
    pub(crate) fn add(&self, observations: Vec<Observation>, caller: &Caller, now: Timestamp) {
        if observations.is_empty() {
            return;
        }
        let Ok(via) = serde_json::to_string(&Attribution::of(caller)) else {
            return;
        };
        let (via, period) = (Arc::<str>::from(via), period(now));
        let (mut waiting, mut known) = (lock(&self.waiting), self.known_mut());
        for observation in observations {
            let bytes = observation.bytes();
            if waiting.series.len() >= WAITING || waiting.bytes + bytes > WAITING_BYTES {
                return;
            }
            if !known.seen.contains_key(&observation.key) && !known.has_room(period) {
                continue;
            }
            if known.seen.insert(observation.key, period) == Some(period) {
                // Another request has added it meanwhile.
                continue;
            }
            waiting.bytes += bytes;
            waiting.series.push_back(Arc::new(Waiting {
                observation,
                organization_id: caller.organization_id(),
                at: now,
                sender: caller.actor().id(),
                via: Arc::clone(&via),
            }));
        }
    }

    /// The number of observations that wait.
    pub(super) fn waiting_count(&self) -> usize {
        lock(&self.waiting).series.len()
    }

    /// The oldest observations that wait, of one organization, with at most so many dimensions after the first.
    pub(super) fn oldest(&self, count: usize, dimensions: usize) -> Vec<Arc<Waiting>> {
        let waiting = lock(&self.waiting);
        let Some(first) = waiting.series.front() else {
            return Vec::new();
        };
        let mut left = dimensions;
        let oldest = waiting.series.iter().take(count).take_while(|next| {
            let of_next = next.observation.dimensions.len();
            let fits = Arc::ptr_eq(first, next) || of_next <= left;
            left = left.saturating_sub(of_next);
            fits && next.organization_id == first.organization_id
        });
        oldest.cloned().collect()
    }

    /// Removes the oldest observations, which are stored.
    pub(super) fn remove_oldest(&self, count: usize) {
        let mut waiting = lock(&self.waiting);
        let removed = waiting.series.drain(..count);
        let bytes: usize = removed.map(|removed| removed.observation.bytes()).sum();
        waiting.bytes = waiting.bytes.saturating_sub(bytes);
    }

    /// Counts series, dimensions and metrics that were not stored because the organization has too many, and warns the
    /// first time.
    pub(super) fn leave_out(&self, count: usize, limit: i64) {
        if count == 0 {
            return;
        }
        self.left_out.fetch_add(count as u64, Ordering::Relaxed);
        if !self.is_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                limit,
                "The metric catalog is full; it lists no new series, dimensions or metrics. Their data is accepted."
            );
        }
    }

    /// How many times a series, dimension or metric was left out, since the start of the process.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }

    /// Waits until a search may begin. Each holds a connection for its whole walk, so that other requests must keep some.
    pub(super) async fn search(&self) -> Option<SemaphorePermit<'_>> {
        self.searches.0.acquire().await.ok()
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
