//! The connection pools of an open database, and the differences in opening, reading, writing and closing it.

use std::path::Path;

use sqlx::migrate::Migrator;

use super::{
    connection::Connection,
    limits::{HOUSEKEEPING_TIMEOUT, WRITE_TIMEOUT},
    listener::ChangeListener,
    pool_state::PoolState,
    pooled::Pooled,
    postgres::{self, PostgresPool},
    schema::Schema,
    sqlite::{self, SqlitePools},
};
use crate::platform::{access::Access, error::StoreError};

/// The place of a database in messages. A URL may contain a password, so only the path of a file is shown.
pub(crate) fn place(url: &str) -> &str {
    sqlite_file(url).unwrap_or("the database URL")
}

fn sqlite_file(url: &str) -> Option<&str> {
    let file = url.strip_prefix("sqlite:")?;
    Some(file.strip_prefix("//").unwrap_or(file))
}

/// The pools of an open database.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Sqlite(SqlitePools),
    Postgres(PostgresPool),
}

impl Pools {
    /// Opens the database at this URL, `sqlite:FILE` or `postgres://…`.
    pub(crate) async fn open(url: &str, access: Access) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(PostgresPool::open(url, access).await?));
        }
        let file = sqlite_file(url).ok_or_else(|| {
            StoreError::Address("it starts with neither sqlite: nor postgres://".to_owned())
        })?;
        if !access.creates() && !Path::new(file).is_file() {
            return Err(StoreError::Missing(file.to_owned()));
        }
        Ok(Self::Sqlite(match access {
            Access::Read => SqlitePools::open_to_read(file).await?,
            Access::Migrate | Access::SetUp | Access::Change => SqlitePools::open(file).await?,
        }))
    }

    /// Whether the database was opened to be read only.
    pub(crate) fn only_reads(&self) -> bool {
        match self {
            Self::Sqlite(pools) => pools.only_reads(),
            Self::Postgres(pool) => pool.manager().only_reads(),
        }
    }

    /// The migrations of this program.
    fn migrations(&self) -> Migrator {
        match self {
            Self::Sqlite(_) => sqlx::migrate!("migrations/sqlite"),
            Self::Postgres(_) => sqlx::migrate!("migrations/postgres"),
        }
    }

    /// The version of the schema.
    pub(crate) async fn schema(&self) -> Result<Schema, StoreError> {
        Schema::of(&mut self.read().await?, &self.migrations()).await
    }

    /// Brings the schema up to date.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        let migrations = self.migrations();
        match self {
            Self::Sqlite(pools) => pools.migrate(&migrations).await?,
            Self::Postgres(pool) => migrations.run(&mut pool.get().await?.native).await?,
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
        if self.only_reads() {
            return Err(StoreError::ReadOnly);
        }
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

    /// Writes the database as it is at this moment into a new file. Returns `false` where it is not a file.
    pub(crate) async fn back_up(&self, file: &Path) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(pools) => pools.back_up(file).await.map(|()| true),
            Self::Postgres(_) => Ok(false),
        }
    }

    /// What is wrong with the structure of the file.
    pub(crate) async fn list_damage(&self) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(pools) => pools.list_damage().await,
            Self::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// Fails when a file that was read as one at rest has changed.
    pub(crate) fn check_unchanged(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(pools) => pools.check_unchanged(),
            Self::Postgres(_) => Ok(()),
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
