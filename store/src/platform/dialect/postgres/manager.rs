//! Opens connections to PostgreSQL and tests those that were idle.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    io,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use tokio::time::{sleep, timeout};

use super::attempts::{Attempts, Turn};
use crate::platform::{
    access::Access,
    dialect::limits::{CONNECT_TIMEOUT, IDLE_UNTESTED, RESET_TIMEOUT},
    error::StoreError,
};

/// Settings of each connection. PostgreSQL compiles some statements that run a hundred times faster than they compile
/// (`jit`). The others end transactions and connections of a node that has vanished, which would block other nodes. A
/// database that is only compatible with PostgreSQL may lack some.
const SETTINGS: &str = "SELECT set_config(wanted.name, wanted.value, false) FROM (VALUES \
    ('jit', 'off'), ('idle_in_transaction_session_timeout', '15s'), ('tcp_keepalives_idle', '10'), \
    ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '20s')) \
    AS wanted(name, value) JOIN pg_settings AS known ON known.name = wanted.name";

/// Makes the server reject changes by a connection.
const ONLY_READ: &str = "SET default_transaction_read_only = on";

/// A connection is replaced when it is older, so that servers behind an address that changes are noticed.
const MAXIMUM_AGE: Duration = Duration::from_mins(30);

/// Opens and tests connections.
pub(in crate::platform::dialect) struct PostgresManager {
    hosts: Vec<PgConnectOptions>,
    /// The position of the host to connect to first: that of the newest connection.
    host: AtomicUsize,
    attempts: Mutex<Attempts>,
    /// Locked while connecting, so that connections are opened one by one.
    connecting: tokio::sync::Mutex<()>,
    /// Connections of an earlier generation are replaced.
    generation: AtomicU64,
    access: Access,
}

impl fmt::Debug for PostgresManager {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PostgresManager(…)")
    }
}

/// A connection in the pool.
#[derive(Debug)]
pub(in crate::platform::dialect) struct PostgresConnection {
    pub(in crate::platform::dialect) native: PgConnection,
    generation: u64,
}

impl PostgresManager {
    /// Connects to the first of these hosts that accepts writes.
    pub(super) fn new(hosts: Vec<PgConnectOptions>, access: Access) -> Self {
        Self {
            hosts,
            host: AtomicUsize::new(0),
            attempts: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            generation: AtomicU64::new(0),
            access,
        }
    }

    /// Whether the connections only read.
    pub(in crate::platform::dialect) const fn only_reads(&self) -> bool {
        self.access.only_reads()
    }

    /// Replaces all connections that are as old as this one before they are used again: it was lost, so they may be lost
    /// too.
    pub(in crate::platform::dialect) fn replace_connections(&self, lost: &PostgresConnection) {
        self.generation
            .fetch_max(lost.generation + 1, Ordering::Relaxed);
    }

    fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The host of the newest connection.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] during an outage.
    pub(in crate::platform::dialect) fn reachable_host(
        &self,
    ) -> Result<PgConnectOptions, StoreError> {
        if self.attempts().is_outage() {
            return Err(sqlx::Error::PoolTimedOut.into());
        }
        let host = self.hosts.get(self.host.load(Ordering::Relaxed));
        Ok(host.ok_or(sqlx::Error::PoolClosed)?.clone())
    }

    /// Connects to the first host that accepts writes. The hosts share the time.
    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let count = self.hosts.len();
        let limit = CONNECT_TIMEOUT / u32::try_from(count).unwrap_or(1).max(1);
        let first = self.host.load(Ordering::Relaxed);
        let mut cause = sqlx::Error::PoolClosed;
        for (position, host) in self
            .hosts
            .iter()
            .enumerate()
            .cycle()
            .skip(first)
            .take(count)
        {
            match timeout(limit, self.connect_to(host)).await {
                Ok(Ok(connection)) => {
                    self.host.store(position, Ordering::Relaxed);
                    return Ok(connection);
                }
                Ok(Err(error)) => cause = at_host(host, error),
                Err(_) => {
                    let silent = io::Error::new(io::ErrorKind::TimedOut, "no response");
                    cause = at_host(host, sqlx::Error::Io(silent));
                }
            }
        }
        Err(cause)
    }

    async fn connect_to(&self, host: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
        let mut connection = host.connect().await?;
        if let Err(error) = sqlx::raw_sql(SETTINGS).execute(&mut connection).await {
            tracing::debug!(%error, "The settings of a connection could not be changed.");
        }
        if self.only_reads() {
            sqlx::raw_sql(ONLY_READ).execute(&mut connection).await?;
        } else if self.hosts.len() > 1 {
            let is_standby = sqlx::query_scalar::<_, bool>("SELECT pg_is_in_recovery()");
            if is_standby.fetch_one(&mut connection).await? {
                return Err(io::Error::other("the server is a standby").into());
            }
        }
        Ok(connection)
    }
}

impl Manager for PostgresManager {
    type Type = PostgresConnection;
    type Error = StoreError;

    /// Connects. While the database is away, callers wait for the next attempt, and fail at once when it has been away
    /// for long.
    async fn create(&self) -> Result<PostgresConnection, StoreError> {
        loop {
            let turn = self.attempts().turn(Instant::now());
            match turn {
                Turn::Attempt => {}
                Turn::Wait(pause) => {
                    sleep(pause).await;
                    continue;
                }
                Turn::Fail(cause) => return Err(sqlx::Error::Io(io::Error::other(cause)).into()),
            }
            let _one_at_a_time = self.connecting.lock().await;
            let began = Instant::now();
            // The caller before may have failed.
            if !self.attempts().begin(began) {
                continue;
            }
            let generation = self.generation.load(Ordering::Relaxed);
            let error = match self.connect().await {
                Ok(native) => {
                    self.attempts().succeeded();
                    return Ok(PostgresConnection { native, generation });
                }
                Err(error) => error,
            };
            let cause = cause_of(&error);
            let is_first = self
                .attempts()
                .failed(began, random_fraction(), cause.clone());
            if is_first {
                tracing::warn!(cause, "A connection to the database cannot be opened.");
            }
            let error = StoreError::from(error);
            if !error.is_outage() {
                return Err(error);
            }
        }
    }

    async fn recycle(
        &self,
        connection: &mut PostgresConnection,
        metrics: &Metrics,
    ) -> RecycleResult<StoreError> {
        if connection.generation < self.generation.load(Ordering::Relaxed) {
            return Err(RecycleError::message("another connection was lost"));
        }
        if metrics.age() > MAXIMUM_AGE {
            return Err(RecycleError::message("it is old"));
        }
        if metrics.last_used() > IDLE_UNTESTED {
            let tested = timeout(RESET_TIMEOUT, connection.native.ping()).await;
            if !matches!(tested, Ok(Ok(()))) {
                self.replace_connections(connection);
                return Err(RecycleError::message("it does not answer"));
            }
        }
        Ok(())
    }
}

/// The cause of an error, without the words that the driver puts before it.
fn cause_of(error: &sqlx::Error) -> String {
    if let sqlx::Error::Io(cause) = error {
        cause.to_string()
    } else {
        error.to_string()
    }
}

/// The error with the address of the host, which the driver does not name.
fn at_host(host: &PgConnectOptions, error: sqlx::Error) -> sqlx::Error {
    let address = match host.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", host.get_host(), host.get_port()),
    };
    if let sqlx::Error::Io(cause) = error {
        sqlx::Error::Io(io::Error::new(cause.kind(), format!("{address}: {cause}")))
    } else if let sqlx::Error::Protocol(cause) = error {
        // The driver reads zeros from a connection that was closed before the answer.
        sqlx::Error::Protocol(format!("{address}: {cause}"))
    } else {
        error
    }
}

/// A random number between 0 and 1, for pauses.
fn random_fraction() -> f64 {
    f64::from(RandomState::new().hash_one(0).to_le_bytes()[0]) / 255.0
}
