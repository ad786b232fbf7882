//! The fork between SQLite and PostgreSQL: opening them, and beginning to read and to write.
//!
//! Everything else is one SQL text for both. [`on!`] expands one body for each, so that types stay native.

mod connection;
pub(crate) mod page;
mod pool;
pub(crate) mod rows;

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    Connection as _, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::timeout;

pub(crate) use self::connection::{Handle, Inner};
pub use self::pool::PoolState;
use crate::platform::{
    commit_batch::Turns,
    error::StoreError,
    transaction::{Conn, Read, Write},
};

/// Runs one body on the native connection of whichever database it is: `on!(self, conn => query.fetch_one(conn).await)`.
macro_rules! on {
    ($conn:expr, $handle:ident => $body:expr) => {
        match $conn.ready().await?.handle() {
            $crate::platform::dialect::Handle::Sqlite($handle) => $body,
            $crate::platform::dialect::Handle::Postgres($handle) => $body,
        }
    };
}

pub(crate) use on;

/// A statement as each database spells it.
pub(crate) struct Spelled {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Spelled {
    /// How the database of this connection spells it.
    pub(crate) const fn of(&self, handle: &Handle<'_>) -> &'static str {
        match handle {
            Handle::Sqlite(_) => self.sqlite,
            Handle::Postgres(_) => self.postgres,
        }
    }
}

/// Rows of an answer that SQLite reads ahead at most. The fewer, the more often two threads wait for each other.
const SQLITE_ROWS_AHEAD: usize = 200;

/// Connections that read a SQLite file at once; more would only wait for the same processor.
const SQLITE_READERS: u32 = 8;

/// Connections to PostgreSQL: its default allows 100 in all, and several nodes share them.
const POSTGRES_CONNECTIONS: u32 = 20;

/// How long to wait for a connection before saying that the database cannot be reached: less than the time one request may take.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// After so long without use a connection to PostgreSQL is tried before it is used: it may have been cut off.
const IDLE_UNTRIED: Duration = Duration::from_secs(1);

/// Locks out every other write to PostgreSQL until this one ends, as `BEGIN IMMEDIATE` does on SQLite.
const BEGIN_ALONE: &str = "BEGIN; UPDATE counter SET value = value WHERE name = 'audit_event'";

/// The channel on which PostgreSQL tells nodes that the record has grown.
const CHANNEL: &str = "countersign_record";

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    turns: Turns,
}

#[derive(Debug, Clone)]
enum Pools {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database at this address, `sqlite:FILE` or `postgres://…`, and brings its schema up to date.
    /// A SQLite file, and its folder, are made when missing.
    ///
    /// # Errors
    /// [`StoreError::Address`] when the address is neither, [`StoreError::Unavailable`] when nobody answers there,
    /// [`StoreError::Migration`] when the schema is not one this program knows.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url).await?
        } else if let Some(file) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(file.strip_prefix("//").unwrap_or(file)).await?
        } else {
            return Err(StoreError::Address(
                "it starts with neither sqlite: nor postgres://".to_owned(),
            ));
        };
        store.migrate().await?;
        store.fold_names().await?;
        Ok(store)
    }

    async fn open_sqlite(file: &str) -> Result<Self, StoreError> {
        if file.is_empty() || file.starts_with(":memory:") || file.contains('?') {
            return Err(StoreError::Address(
                "SQLite needs the path of a file, without options".to_owned(),
            ));
        }
        if let Some(folder) = Path::new(file)
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(|error| StoreError::Address(format!("{}: {error}", folder.display())))?;
        }
        create_private(file).await?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(200)
            .row_buffer_size(SQLITE_ROWS_AHEAD);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Self {
            pools: Pools::Sqlite { writer, readers },
            turns: Turns::default(),
        })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        // The driver's own message could repeat the password that is in the address.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Address("the PostgreSQL address cannot be read".to_owned()))?
            .application_name("countersign");
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|conn, _| {
                Box::pin(async move {
                    // Its guess of what a statement may cost makes PostgreSQL compile some that take no time at all,
                    // which takes a hundred times theirs. What only speaks its protocol may know no such setting.
                    if let Err(error) = sqlx::query("SET jit = off").execute(conn).await {
                        tracing::debug!(%error, "The database does not know `jit`.");
                    }
                    Ok(())
                })
            })
            .test_before_acquire(false)
            .before_acquire(|conn, used| {
                Box::pin(async move {
                    if used.idle_for > IDLE_UNTRIED {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self {
            pools: Pools::Postgres(pool),
            turns: Turns::default(),
        })
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => sqlx::migrate!("migrations/sqlite").run(writer).await?,
            Pools::Postgres(pool) => sqlx::migrate!("migrations/postgres").run(pool).await?,
        }
        Ok(())
    }

    /// A connection to ask with.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when none can be had in time.
    pub async fn read(&self) -> Result<Read, StoreError> {
        let inner = match &self.pools {
            Pools::Sqlite { readers, .. } => Inner::SqliteRead(readers.acquire().await?),
            Pools::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        };
        Ok(Read::over(Conn::over(inner)))
    }

    /// Begins a write. Writes are serial: this waits until the one before has ended, so that what is read here is
    /// still true when it is committed. Those that wait for one another are committed together.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database cannot be reached or the one before does not end in time.
    pub async fn write(&self) -> Result<Write, StoreError> {
        let turn = timeout(ACQUIRE_TIMEOUT, self.turns.next(self)).await;
        let turn = turn.map_err(|_| StoreError::from(sqlx::Error::PoolTimedOut))??;
        Ok(Write::over(turn))
    }

    /// A transaction beside which there is no other write.
    pub(crate) async fn begin_write(&self) -> Result<Conn, StoreError> {
        match &self.pools {
            Pools::Sqlite { .. } => self.unrecorded().await,
            Pools::Postgres(pool) => begin_postgres(pool, BEGIN_ALONE).await,
        }
    }

    /// A transaction for what nobody did, which leaves no event. It does not wait for writes on PostgreSQL.
    pub(crate) async fn unrecorded(&self) -> Result<Conn, StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
                Ok(Conn::over(Inner::SqliteWrite(transaction)))
            }
            Pools::Postgres(pool) => begin_postgres(pool, "BEGIN").await,
        }
    }

    /// Hears of every growth of the record, from any node; `None` where the database cannot tell (SQLite).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database cannot be reached.
    pub async fn listen(&self) -> Result<Option<ChangeListener>, StoreError> {
        match &self.pools {
            Pools::Sqlite { .. } => Ok(None),
            Pools::Postgres(pool) => {
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen(CHANNEL).await?;
                Ok(Some(ChangeListener(listener)))
            }
        }
    }

    /// How many connections there are.
    #[must_use]
    pub fn pools(&self) -> Vec<PoolState> {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                vec![
                    PoolState::of("writer", writer),
                    PoolState::of("readers", readers),
                ]
            }
            Pools::Postgres(pool) => vec![PoolState::of("all", pool)],
        }
    }

    /// Ends all connections, after writing back what SQLite keeps beside its file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// `SQLite` or `PostgreSQL`, for people.
    #[must_use]
    pub fn database(&self) -> &'static str {
        match &self.pools {
            Pools::Sqlite { .. } => "SQLite",
            Pools::Postgres(_) => "PostgreSQL",
        }
    }
}

/// Begins a transaction, in a task of its own: of one whose caller goes away while it begins, the driver would not know
/// that it is open, and it would keep all others out.
async fn begin_postgres(pool: &PgPool, statement: &'static str) -> Result<Conn, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(statement).await }).await;
    let transaction = begun.map_err(|_| StoreError::NotCommitted)??;
    Ok(Conn::over(Inner::PostgresWrite(transaction)))
}

/// Makes the file when it is missing, readable by its owner alone; SQLite gives the files beside it the same mode.
async fn create_private(file: &str) -> Result<(), StoreError> {
    let mut options = tokio::fs::OpenOptions::new();
    match options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .await
    {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Address(format!("{file}: {error}"))),
    }
}

/// Hears of every growth of the record.
#[derive(Debug)]
pub struct ChangeListener(PgListener);

impl ChangeListener {
    /// Waits for the next growth.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the connection was lost; listen anew.
    pub async fn heard(&mut self) -> Result<(), StoreError> {
        self.0.recv().await?;
        Ok(())
    }
}
