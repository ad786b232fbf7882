//! The connection pools of an open database, and the differences in opening, reading, writing and closing it.

use super::{
    connection::Connection,
    limits::{HOUSEKEEPING_TIMEOUT, WRITE_TIMEOUT},
    listener::ChangeListener,
    pool_state::PoolState,
    pooled::Pooled,
    postgres::{self, PostgresPool},
    sqlite::{self, SqlitePools},
};
use crate::platform::error::StoreError;

/// The pools of an open database.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Sqlite(SqlitePools),
    Postgres(PostgresPool),
}

impl Pools {
    /// Opens the database at this URL, `sqlite:FILE` or `postgres://…`.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(PostgresPool::open(url).await?));
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
                pools.migrate(&migrations).await?;
            }
            Self::Postgres(pool) => {
                let migrations = sqlx::migrate!("migrations/postgres");
                migrations.run(&mut pool.get().await?.native).await?;
            }
        }
        Ok(())
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<Connection, StoreError> {
        Ok(Connection::reading(match self {
            Self::Sqlite(pools) => Pooled::Sqlite(pools.readers.acquire().await?),
            Self::Postgres(pool) => Pooled::Postgres(pool.get().await?),
        }))
    }

    /// A transaction that excludes all other writes.
    pub(crate) async fn begin_exclusive(&self) -> Result<Connection, StoreError> {
        let begin = match self {
            Self::Sqlite(_) => sqlite::BEGIN,
            Self::Postgres(_) => postgres::BEGIN_EXCLUSIVE,
        };
        Connection::writing(self.writer().await?, begin, WRITE_TIMEOUT).await
    }

    /// A transaction. On PostgreSQL it does not wait for other writes.
    pub(crate) async fn begin(&self) -> Result<Connection, StoreError> {
        let begin = match self {
            Self::Sqlite(_) => sqlite::BEGIN,
            Self::Postgres(_) => postgres::BEGIN,
        };
        Connection::writing(self.writer().await?, begin, HOUSEKEEPING_TIMEOUT).await
    }

    /// A connection for writing.
    async fn writer(&self) -> Result<Pooled, StoreError> {
        Ok(match self {
            Self::Sqlite(pools) => Pooled::Sqlite(pools.writer.acquire().await?),
            Self::Postgres(pool) => Pooled::Postgres(pool.get().await?),
        })
    }

    /// Listens for new audit events; `None` where the database cannot notify (SQLite).
    pub(crate) async fn listen(&self) -> Result<Option<ChangeListener>, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(pool) => ChangeListener::open(pool.manager()).await.map(Some),
        }
    }

    /// The size of the write-ahead log in bytes; `None` where the database manages it (PostgreSQL).
    pub(crate) fn wal_bytes(&self) -> Option<u64> {
        match self {
            Self::Sqlite(pools) => Some(pools.wal_bytes()),
            Self::Postgres(_) => None,
        }
    }

    /// Empties the write-ahead log, unless a reader needs it.
    pub(crate) async fn truncate_wal(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(pools) => pools.truncate_wal().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Returns some of the unused space of the file to the file system. Returns whether more is left.
    pub(crate) async fn return_space(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(pools) => pools.return_space().await,
            Self::Postgres(_) => Ok(false),
        }
    }

    /// The state of each pool.
    pub(crate) fn states(&self) -> Vec<PoolState> {
        match self {
            Self::Sqlite(pools) => vec![
                PoolState::of("writer", &pools.writer),
                PoolState::of("readers", &pools.readers),
            ],
            Self::Postgres(pool) => vec![pool.state()],
        }
    }

    /// Closes all connections. SQLite then writes its write-ahead log into the file.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pools) => {
                pools.readers.close().await;
                pools.writer.close().await;
            }
            Self::Postgres(pool) => pool.close(),
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
