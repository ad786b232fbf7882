//! Opening a SQLite file: one connection that writes, several that read.

use std::path::Path;

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::limits::{ACQUIRE_TIMEOUT, BUSY_TIMEOUT, READERS, ROWS_AHEAD};
use crate::platform::error::StoreError;

/// The pools of a file that is writable by one connection at a time.
#[derive(Debug, Clone)]
pub(crate) struct SqlitePools {
    pub(super) writer: SqlitePool,
    pub(super) readers: SqlitePool,
}

impl SqlitePools {
    /// Opens a file. It and its folder are created when they are missing.
    pub(super) async fn open(file: &str) -> Result<Self, StoreError> {
        if file.is_empty() || file.starts_with(":memory:") || file.contains('?') {
            return Err(StoreError::Address(
                "SQLite needs the path of a file, without options".to_owned(),
            ));
        }
        create_folder(file).await?;
        create_private(file).await?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(200)
            .row_buffer_size(ROWS_AHEAD);
        let read_only = options.clone().pragma("query_only", "ON");
        Ok(Self {
            writer: pool(1).connect_with(options).await?,
            readers: pool(READERS).connect_with(read_only).await?,
        })
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
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
