//! Opening a SQLite file: one connection that writes, several that read.

pub(super) mod copies;
mod readable;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{
    SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use tokio::{task::spawn_blocking, time::sleep};

use self::readable::Readable;
use super::limits::{ACQUIRE_TIMEOUT, BUSY_TIMEOUT, READERS, ROWS_AHEAD, WAL_BYTES_KEPT};
use crate::platform::error::StoreError;

/// How long another process that migrates at the same time may take.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(5);

/// The pause between two attempts to migrate.
const MIGRATION_PAUSE: Duration = Duration::from_millis(50);

/// Begins a transaction that excludes all other writes.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

/// The number of unused pages of the file.
const UNUSED_PAGES: &str = "PRAGMA freelist_count";

/// The pools of a file that is writable by one connection at a time.
#[derive(Debug, Clone)]
pub(crate) struct SqlitePools {
    /// The path of the write-ahead log.
    wal: Arc<Path>,
    pub(super) writer: SqlitePool,
    pub(super) readers: SqlitePool,
    /// The file, when it is only read.
    read_from: Option<Arc<Readable>>,
}

impl SqlitePools {
    /// Opens a file. It and its folder are created when they are missing.
    pub(super) async fn open(file: &str) -> Result<Self, StoreError> {
        check_path(file)?;
        create_folder(file).await?;
        create_private(file).await?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("journal_size_limit", WAL_BYTES_KEPT)
            .statement_cache_capacity(200)
            .row_buffer_size(ROWS_AHEAD);
        let read_only = options.clone().pragma("query_only", "ON");
        Ok(Self {
            wal: readable::wal(Path::new(file)).into(),
            writer: pool(1).connect_with(options).await?,
            readers: pool(READERS).connect_with(read_only).await?,
            read_from: None,
        })
    }

    /// Opens an existing file to read it. Neither the file nor its folder is changed.
    pub(super) async fn open_to_read(file: &str) -> Result<Self, StoreError> {
        check_path(file)?;
        let path = Path::new(file).to_owned();
        let found = spawn_blocking(move || Readable::find(&path)).await;
        let found = found.map_err(std::io::Error::other).flatten();
        let found = Arc::new(found.map_err(StoreError::Copy)?);
        let options = SqliteConnectOptions::new()
            .filename(&found.file)
            .read_only(true)
            .immutable(found.is_at_rest())
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("query_only", "ON")
            .statement_cache_capacity(200)
            .row_buffer_size(ROWS_AHEAD);
        Ok(Self {
            wal: readable::wal(&found.file).into(),
            writer: pool(1).connect_lazy_with(options.clone()),
            readers: pool(READERS).connect_with(options).await?,
            read_from: Some(found),
        })
    }

    /// Whether what was read is right.
    pub(super) fn check_unchanged(&self) -> Result<(), StoreError> {
        match &self.read_from {
            Some(file) if !file.is_unchanged() => Err(StoreError::Changed),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the file is only read.
    pub(super) const fn only_reads(&self) -> bool {
        self.read_from.is_some()
    }

    /// Runs the migrations that were not run. The driver does not exclude another process that does so at the same
    /// time: then a migration fails and is undone, and the next attempt finds it done.
    pub(super) async fn migrate(&self, migrations: &Migrator) -> Result<(), StoreError> {
        let began = Instant::now();
        loop {
            match migrations.run(&self.writer).await {
                Ok(()) => return Ok(()),
                Err(MigrateError::ExecuteMigration(..) | MigrateError::Execute(_))
                    if began.elapsed() < MIGRATION_PATIENCE =>
                {
                    sleep(MIGRATION_PAUSE).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The size of the write-ahead log in bytes.
    pub(super) fn wal_bytes(&self) -> u64 {
        std::fs::metadata(&self.wal).map_or(0, |file| file.len())
    }

    /// Writes the write-ahead log into the file and empties it, unless a reader needs it. Waits for readers only
    /// shortly, because writes wait meanwhile.
    pub(super) async fn truncate_wal(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
        let truncated = sqlx::raw_sql("PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut *writer)
            .await;
        // The pool opens another one, which waits for other processes as long as usual.
        writer.close().await?;
        truncated?;
        Ok(())
    }

    /// Returns some unused pages to the file system, few enough for writers not to wait long. Returns whether more are
    /// left. A file of an earlier version keeps its unused pages until it is vacuumed.
    pub(super) async fn return_space(&self) -> Result<bool, StoreError> {
        let mut writer = self.writer.acquire().await?;
        let (before,): (i64,) = sqlx::query_as(UNUSED_PAGES).fetch_one(&mut *writer).await?;
        sqlx::raw_sql("PRAGMA incremental_vacuum(256)")
            .execute(&mut *writer)
            .await?;
        let (after,): (i64,) = sqlx::query_as(UNUSED_PAGES).fetch_one(&mut *writer).await?;
        Ok(after > 0 && after < before)
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
}

/// Checks that a text is the path of a file.
fn check_path(file: &str) -> Result<(), StoreError> {
    if file.is_empty() || file.starts_with(":memory:") || file.contains('?') {
        return Err(StoreError::Address(
            "SQLite needs the path of a file, without options".to_owned(),
        ));
    }
    Ok(())
}

async fn create_folder(file: &str) -> Result<(), StoreError> {
    let folder = Path::new(file).parent();
    match folder.filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => tokio::fs::create_dir_all(folder)
            .await
            .map_err(|error| StoreError::Address(format!("{}: {error}", folder.display()))),
        None => Ok(()),
    }
}

/// Creates the file when it is missing, readable by its owner only. SQLite gives the files beside it the same mode.
async fn create_private(file: &str) -> Result<(), StoreError> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    match options.open(file).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Address(format!("{file}: {error}"))),
    }
}
