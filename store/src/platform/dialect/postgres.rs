//! The connections to a PostgreSQL database, and how their transactions begin.

mod attempts;
mod hosts;
pub(super) mod manager;

use deadpool::managed::{Object, Pool, PoolConfig, PoolError, QueueMode, Timeouts};

use self::{hosts::hosts, manager::PostgresManager};
use super::{
    limits::{ACQUIRE_TIMEOUT, CONNECTIONS},
    pool_state::PoolState,
};
use crate::platform::{access::Access, error::StoreError};

/// Begins a transaction. Its isolation is named, because the default is a setting of the database.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Begins a transaction that excludes all other writes until it ends, like `BEGIN IMMEDIATE` on SQLite.
///
/// It waits less long for the others than for the server (`ACQUIRE_TIMEOUT`): many writes are no sign of a lost connection.
pub(super) const BEGIN_EXCLUSIVE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '4s'; \
    UPDATE counter SET value = value WHERE name = 'audit_event'";

/// The connections of this node. The pool of the driver would test each connection when it is returned, without a time
/// limit, and connect again at once when that fails.
#[derive(Debug, Clone)]
pub(crate) struct PostgresPool(Pool<PostgresManager>);

impl PostgresPool {
    /// Opens the database at a URL, which may name several hosts.
    pub(super) async fn open(url: &str, access: Access) -> Result<Self, StoreError> {
        let mut config = PoolConfig::new(CONNECTIONS);
        // Connections that are used often need no test.
        config.queue_mode = QueueMode::Lifo;
        config.timeouts = Timeouts {
            wait: Some(ACQUIRE_TIMEOUT),
            create: Some(ACQUIRE_TIMEOUT),
            recycle: Some(ACQUIRE_TIMEOUT),
        };
        let pool = Pool::builder(PostgresManager::new(hosts(url)?, access))
            .config(config)
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| StoreError::Address(error.to_string()))?;
        let pool = Self(pool);
        drop(pool.get().await?);
        Ok(pool)
    }

    /// A connection.
    pub(super) async fn get(&self) -> Result<Object<PostgresManager>, StoreError> {
        self.0.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Timeout(_) => sqlx::Error::PoolTimedOut.into(),
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                sqlx::Error::PoolClosed.into()
            }
        })
    }

    pub(super) fn manager(&self) -> &PostgresManager {
        self.0.manager()
    }

    /// The numbers of connections.
    pub(super) fn state(&self) -> PoolState {
        let status = self.0.status();
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        PoolState {
            name: "all",
            used: number(status.size.saturating_sub(status.available)),
            idle: number(status.available),
            most: number(status.max_size),
        }
    }

    /// Closes the pool. Its connections close when they are returned.
    pub(super) fn close(&self) {
        self.0.close();
    }
}
