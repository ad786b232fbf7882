//! Measurements of the service for monitoring: requests and their durations, the cache, the backlog of checkpoints and
//! counts, the ingest queue, the database connections.
//!
//! Requests are counted when calls are drained from the buffer of the call log, so that counting adds no work to a
//! request.

use std::time::Duration;

use domain::platform::timestamp::Timestamp;
use store::{Backlog, KeyRotation, PoolState};
use tokio::time::timeout;

use crate::{
    audit::{
        calls::route_meters::{RouteMeter, RouteName},
        sinks::SinkState,
    },
    ingest::{counts::IngestTotals, recent::QueueState},
    usage::handle::UsageCounts,
};

/// How long to wait for a running flush and for the database before the other measurements are returned.
const PATIENCE: Duration = Duration::from_secs(2);

/// The measurements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// The time of the measurement, on the clock of the database.
    pub at: Timestamp,
    /// The calls of each route.
    pub routes: Vec<(RouteName, RouteMeter)>,
    /// Number of authentications answered from the cache.
    pub cache_hits: u64,
    /// Number of authentications that read the database.
    pub cache_misses: u64,
    /// Number of calls in memory that are not stored yet.
    pub calls_waiting: usize,
    /// The rows that are not in a checkpoint or not counted yet; `None` when the database does not answer in time.
    pub backlog: Option<Backlog>,
    /// The lag of each sink.
    pub sinks: Vec<SinkState>,
    /// The totals of ingested data on this node.
    pub ingest: IngestTotals,
    /// How often this node left a series out of the metric catalog, because it is full.
    pub series_left_out: u64,
    /// The state of the ingest queue; `None` in a process that does not ingest.
    pub queue: Option<QueueState>,
    /// The database connections.
    pub pools: Vec<PoolState>,
    /// How often the database turned out to lack audit events that this process had read.
    pub feed_forks: u64,
    /// Number of rows of the logs that others than this program inserted or changed, found by this process.
    pub forged_rows: u64,
    /// The number of rows that the rotation of the master key has not encrypted again; `None` without a rotation.
    pub rotation_rows_left: Option<i64>,
    /// Number of rows that were not what the audit log says, and when that was checked; `None` before the first check.
    pub state_deviations: Option<(u64, Timestamp)>,
    /// The size of the write-ahead log in bytes; `None` where the database server manages it.
    pub wal_bytes: Option<u64>,
}

impl UsageCounts {
    /// Takes the measurements. This never fails: values that are not available in time are left out.
    pub async fn measures(&self) -> Measures {
        // Counts the calls that were answered before this request.
        let _ = timeout(PATIENCE, self.audit.gather_calls()).await;
        let stored = timeout(PATIENCE, self.stored_state()).await.ok().flatten();
        let (backlog, rotation) = stored.unzip();
        // A database that has just timed out is not queried again.
        let sinks = match backlog {
            Some(_) => timeout(PATIENCE, self.audit.sink_states())
                .await
                .ok()
                .and_then(Result::ok),
            None => None,
        };
        Measures {
            at: self.platform.now(),
            routes: self.audit.route_meters(),
            cache_hits: self.tokens.cache().hits(),
            cache_misses: self.tokens.cache().misses(),
            calls_waiting: self.audit.calls_waiting(),
            backlog,
            sinks: sinks.unwrap_or_default(),
            ingest: self.ingest.totals(),
            series_left_out: self.ingest.series_left_out(),
            queue: self.ingest.queue_state(),
            pools: self.platform.store().pools(),
            feed_forks: self.audit.feed_forks(),
            forged_rows: self.audit.forged_rows(),
            rotation_rows_left: rotation.flatten().map(|rotation| rotation.rows_left),
            state_deviations: self.audit.state_deviations(),
            wal_bytes: self.platform.store().wal_bytes(),
        }
    }

    async fn stored_state(&self) -> Option<(Backlog, Option<KeyRotation>)> {
        let mut read = self.platform.store().read().await.ok()?;
        let backlog = read.backlog().await.ok()?;
        Some((backlog, read.find_key_rotation().await.ok()?))
    }
}
