//! The connection pools of an open database, and the differences in opening, reading, writing and closing it.

use sqlx::PgPool;

use super::{connection::Connection, listener::ChangeListener, postgres, sqlite::SqlitePools};
use crate::platform::error::StoreError;

/// The pools of an open database.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Sqlite(SqlitePools),
    Postgres(PgPool),
}

impl Pools {
    /// Opens the database at this URL, `sqlite:FILE` or `postgres://…`.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(postgres::open(url).await?));
        }
        let file = url.strip_prefix("sqlite:").ok_or_else(|| {
            StoreError::Address("it starts with neither sqlite: nor postgres://".to_owned())
        })?;
        let file = file.strip_prefix("//").unwrap_or(file);
        Ok(Self::Sqlite(SqlitePools::open(file).await?))
    }

    /// Brings the schema up to date.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(pools) => {
                let migrations = sqlx::migrate!("migrations/sqlite");
                migrations.run(&pools.writer).await?;
            }
            Self::Postgres(pool) => sqlx::migrate!("migrations/postgres").run(pool).await?,
        }
        Ok(())
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite(pools) => Connection::SqliteRead(pools.readers.acquire().await?),
            Self::Postgres(pool) => Connection::PostgresRead(pool.acquire().await?),
        })
    }

    /// A transaction that excludes all other writes.
    pub(crate) async fn begin_exclusive(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(_) => self.begin().await,
            Self::Postgres(pool) => postgres::begin(pool, postgres::BEGIN_EXCLUSIVE).await,
        }
    }

    /// A transaction. On PostgreSQL it does not wait for other writes.
    pub(crate) async fn begin(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(pools) => {
                let transaction = pools.writer.begin_with("BEGIN IMMEDIATE").await?;
                Ok(Connection::SqliteWrite(transaction))
            }
            Self::Postgres(pool) => postgres::begin(pool, postgres::BEGIN).await,
        }
    }

    /// Listens for new audit events; `None` where the database cannot notify (SQLite).
    pub(crate) async fn listen(&self) -> Result<Option<ChangeListener>, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(pool) => ChangeListener::open(pool).await.map(Some),
        }
    }

    /// The state of each pool.
    pub(crate) fn states(&self) -> Vec<PoolState> {
        match self {
            Self::Sqlite(pools) => vec![
                PoolState::of("writer", &pools.writer),
                PoolState::of("readers", &pools.readers),
            ],
            Self::Postgres(pool) => vec![PoolState::of("all", pool)],
        }
    }

    /// Closes all connections. SQLite then writes its write-ahead log into the file.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pools) => {
                pools.readers.close().await;
                pools.writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// The name of the database product.
    pub(crate) const fn product(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// The connections of one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// What the connections are for.
    pub name: &'static str,
    /// The number of connections in use.
    pub used: u32,
    /// The number of idle connections.
    pub idle: u32,
    /// The maximum number of connections.
    pub most: u32,
}

impl PoolState {
    fn of<D: sqlx::Database>(name: &'static str, pool: &sqlx::Pool<D>) -> Self {
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        Self {
            name,
            used: pool.size().saturating_sub(idle),
            idle,
            most: pool.options().get_max_connections(),
        }
    }
}
