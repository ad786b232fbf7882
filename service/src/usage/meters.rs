//! What the service counts about itself for whoever watches it: requests and how long they took, the cache, how much of
//! the record waits, the queue of what is sent, the database's connections.
//!
//! Requests are counted from the record of calls, when calls are gathered to be stored: a request itself counts nothing.

use std::time::Duration;

use domain::platform::timestamp::Timestamp;
use store::{Backlog, PoolState};
use tokio::time::timeout;

use crate::{
    audit::{
        route_meters::{RouteMeter, RouteName},
        sinks::SinkState,
    },
    ingest::{counts::IngestTotals, recent::QueueState},
    usage::handle::UsageCounts,
};

/// How long to wait for calls that are being stored, and for a database that does not answer, before telling the rest.
const PATIENCE: Duration = Duration::from_secs(2);

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

impl UsageCounts {
    /// How the service is. It always answers: what cannot be told in time is left out.
    pub async fn measures(&self) -> Measures {
        // What was answered before this was asked is counted.
        let _ = timeout(PATIENCE, self.audit.gather_calls()).await;
        let backlog = timeout(PATIENCE, self.backlog()).await.ok().flatten();
        // A database that was silent just now is not waited for again.
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
            queue: self.ingest.queue_state(),
            pools: self.platform.store().pools(),
        }
    }

    async fn backlog(&self) -> Option<Backlog> {
        self.platform
            .store()
            .read()
            .await
            .ok()?
            .backlog()
            .await
            .ok()
    }
}
