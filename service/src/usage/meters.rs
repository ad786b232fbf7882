//! What the service counts about itself for whoever watches it: requests and how long they took, the cache, how much of
//! the record waits, the queue of what is sent, the database's connections.
//!
//! Requests are counted from the record of calls, when calls are gathered to be stored: a request itself counts nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{platform::timestamp::Timestamp, usage::query::StatusClass};
use store::{Backlog, PoolState};
use tokio::time::timeout;

use crate::{
    audit::{calls::CallRecord, sinks::SinkState},
    ingest::{counts::IngestTotals, recent::QueueState},
    open::Service,
};

/// Where the buckets of latency end, in microseconds. The last has no end.
pub const LATENCY_MICROS: [i64; 14] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    5_000_000,
];

/// How long to wait for calls that are being stored, and for a database that does not answer, before telling the rest.
const PATIENCE: Duration = Duration::from_secs(2);

/// Calls of one route, since the process began.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct RouteMeter {
    /// By status class: the first place is `1xx`.
    pub classes: [u64; 5],
    /// By how long they took: one for each of [`LATENCY_MICROS`], and one for what took longer.
    pub latency: [u64; LATENCY_MICROS.len() + 1],
    /// How long they took in all.
    pub duration_us: i64,
    /// Bytes answered in all.
    pub bytes: i64,
}

impl RouteMeter {
    fn count(&mut self, call: &CallRecord) {
        let class = usize::from(StatusClass::of(call.status).digit()).wrapping_sub(1);
        if let Some(count) = self.classes.get_mut(class) {
            *count += 1;
        }
        let bucket = LATENCY_MICROS.partition_point(|end| *end < call.duration_us);
        self.latency[bucket] += 1;
        self.duration_us = self.duration_us.saturating_add(call.duration_us);
        self.bytes = self.bytes.saturating_add(call.bytes);
    }
}

/// A route: its method and its template.
pub type RouteName = (&'static str, &'static str);

/// Calls, counted by route.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    routes: Mutex<HashMap<RouteName, RouteMeter>>,
}

impl Meters {
    /// Counts calls that were just gathered.
    pub(crate) fn count(&self, calls: &[CallRecord]) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        // Many of one route come one after the other: it is looked up once for all of them.
        let name = |call: &CallRecord| (call.method, call.route);
        for alike in calls.chunk_by(|one, next| name(one) == name(next)) {
            let meter = routes.entry(name(&alike[0])).or_default();
            alike.iter().for_each(|call| meter.count(call));
        }
    }

    fn get(&self) -> Vec<(RouteName, RouteMeter)> {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told: Vec<_> = routes
            .iter()
            .map(|(name, meter)| (*name, meter.clone()))
            .collect();
        told.sort_by_key(|(name, _)| *name);
        told
    }
}

/// How the service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// When this was told, by the database's clock.
    pub at: Timestamp,
    /// Calls of each route.
    pub routes: Vec<(RouteName, RouteMeter)>,
    /// Tokens that were known to the cache.
    pub cache_hits: u64,
    /// Tokens the database was asked about.
    pub cache_misses: u64,
    /// Calls in memory, not stored yet.
    pub calls_waiting: usize,
    /// What of the record waits to be sealed and counted; `None` when the database does not say in time.
    pub backlog: Option<Backlog>,
    /// How far what the record goes on to is behind.
    pub sinks: Vec<SinkState>,
    /// What was sent to this node.
    pub ingest: IngestTotals,
    /// The queue of what is sent; `None` in a process that takes none in.
    pub queue: Option<QueueState>,
    /// The connections to the database.
    pub pools: Vec<PoolState>,
}

impl Service {
    /// How the service is. It always answers: what cannot be told in time is left out.
    pub async fn measures(&self) -> Measures {
        // What was answered before this was asked is counted.
        let _ = timeout(PATIENCE, self.gather_calls()).await;
        let backlog = timeout(PATIENCE, self.backlog()).await.ok().flatten();
        // A database that was silent just now is not waited for again.
        let sinks = match backlog {
            Some(_) => timeout(PATIENCE, self.sink_states())
                .await
                .ok()
                .and_then(Result::ok),
            None => None,
        };
        Measures {
            at: self.now(),
            routes: self.meters().get(),
            cache_hits: self.cache().hits(),
            cache_misses: self.cache().misses(),
            calls_waiting: self.calls().waiting(),
            backlog,
            sinks: sinks.unwrap_or_default(),
            ingest: self.ingest_totals(),
            queue: self.queue_state(),
            pools: self.store().pools(),
        }
    }

    async fn backlog(&self) -> Option<Backlog> {
        self.store().read().await.ok()?.backlog().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(status: u16, duration_us: i64) -> CallRecord {
        CallRecord {
            route: "/v2/team",
            status,
            duration_us,
            bytes: 3,
            ..CallRecord::of_nobody()
        }
    }

    #[test]
    fn calls_are_counted_by_class_and_by_how_long_they_took() {
        let meters = Meters::default();
        meters.count(&[
            call(200, 50),
            call(204, 51),
            call(404, 5_000_001),
            call(700, 0),
        ]);
        let [(name, meter)] = &meters.get()[..] else {
            panic!("{meters:?}")
        };
        assert_eq!(*name, ("GET", "/v2/team"));
        assert_eq!(meter.classes, [0, 2, 0, 1, 0]);
        assert_eq!(
            (meter.latency[0], meter.latency[1], meter.latency[14]),
            (2, 1, 1)
        );
        assert_eq!((meter.duration_us, meter.bytes), (5_000_102, 12));
    }
}
