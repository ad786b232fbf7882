//! A connection to either database, and running statements on it.

use std::{io, time::Duration};

use domain::platform::timestamp::Timestamp;
use sqlx::{FromRow, Postgres, Sqlite, postgres::PgRow, sqlite::SqliteRow};
use tokio::time::{error::Elapsed, timeout};

use super::{
    error_code::breaks_connection,
    limits::{ACQUIRE_TIMEOUT, READ_TIMEOUT, WRITE_TIMEOUT},
    listener::CHANNEL,
    pooled::{Native, Pooled},
    sql::{Spelled, Sql, statements},
    value::{Value, arguments, values},
};
use crate::platform::error::StoreError;

statements! {
    /// Reserves `$1` numbers for events. On PostgreSQL other nodes are notified when the transaction commits.
    const TAKE_EVENT_NUMBERS: Sql = Spelled {
        sqlite: "UPDATE counter SET value = value + $1 WHERE name = 'audit_event' RETURNING value",
        postgres: "UPDATE counter SET value = value + $1 WHERE name = 'audit_event' \
            RETURNING value, CAST(pg_notify($2, '') AS TEXT)",
    };
    /// The version of the key ring, which stays the same until the transaction ends. Writes on SQLite are serial anyway.
    const HOLD_KEY_RING: Sql = Spelled {
        sqlite: "SELECT value FROM counter WHERE name = 'key_ring'",
        postgres: "SELECT value FROM counter WHERE name = 'key_ring' FOR SHARE",
    };
    const SET_SAVEPOINT: Sql = "SAVEPOINT operation";
    const RETURN_TO_SAVEPOINT: Sql = "ROLLBACK TO SAVEPOINT operation";
    /// Settings with which committed changes can be lost. SQLite has those of its connections.
    const UNSAFE_SETTINGS: Sql = Spelled {
        sqlite: "SELECT '' WHERE false",
        postgres: "SELECT name FROM pg_settings WHERE setting = 'off' \
            AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name",
    };
    /// SQLite runs in this process and has no other clock.
    const CLOCK: Sql = Spelled {
        sqlite: "SELECT CAST(NULL AS BIGINT)",
        postgres: "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
    };
}

/// A connection to either database, with or without a transaction. It is discarded rather than used again when an
/// error leaves its state unknown.
#[derive(Debug)]
pub(crate) struct Connection {
    /// `None` only while it is dropped.
    pooled: Option<Pooled>,
    /// How long a statement may take.
    limit: Duration,
    in_transaction: bool,
    /// Whether a statement has begun and not ended, as when its caller was cancelled.
    is_running: bool,
    /// Whether a statement of the transaction failed, which must then be undone.
    is_failed: bool,
    /// Whether the database did not answer, or cannot work at the moment.
    is_broken: bool,
}

/// Expands one body for each database, and runs it within the limit of the connection. In it `$db` is the type of the
/// database, and `$text` its text of the statement. Errors of the driver are returned by `?`.
macro_rules! on {
    ($connection:expr, $sql:expr, |$native:ident, $text:ident, $db:ident| $body:expr) => {{
        let connection: &mut Connection = $connection;
        connection.check()?;
        let limit = connection.limit;
        let work = async {
            Ok(match connection.begin_statement()? {
                Native::Sqlite($native) => {
                    type $db = Sqlite;
                    let $text = $sql.sqlite;
                    $body
                }
                Native::Postgres($native) => {
                    type $db = Postgres;
                    let $text = $sql.postgres;
                    $body
                }
            })
        };
        // Boxed, because the compiler limits how deep futures are nested.
        let outcome = timeout(limit, Box::pin(work)).await;
        connection.end_statement(outcome)
    }};
}

/// A type that a row of either database is decoded into.
pub(crate) trait Fetched:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Fetched for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl Connection {
    /// A connection that only reads.
    pub(super) const fn reading(pooled: Pooled) -> Self {
        Self {
            pooled: Some(pooled),
            limit: READ_TIMEOUT,
            in_transaction: false,
            is_running: false,
            is_failed: false,
            is_broken: false,
        }
    }

    /// Begins a transaction. A statement of it may take as long as `limit`.
    pub(super) async fn writing(
        pooled: Pooled,
        begin: &'static str,
        limit: Duration,
    ) -> Result<Self, StoreError> {
        let mut connection = Self::reading(pooled);
        // Set before the transaction begins, so that cancelling the caller does not leave it open.
        connection.in_transaction = true;
        connection.limit = ACQUIRE_TIMEOUT;
        connection.run(begin).await?;
        connection.limit = limit;
        Ok(connection)
    }

    /// How long a statement may take.
    pub(super) const fn limit(&self) -> Duration {
        self.limit
    }

    /// Marks a statement as begun, and returns the driver's connection.
    pub(super) fn begin_statement(&mut self) -> sqlx::Result<Native<'_>> {
        let pooled = self.pooled.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        self.is_running = true;
        Ok(pooled.native())
    }

    /// Marks the statement as ended, and records whether its error broke the connection.
    pub(super) fn end_statement<T>(
        &mut self,
        outcome: Result<sqlx::Result<T>, Elapsed>,
    ) -> Result<T, StoreError> {
        let error = match outcome {
            Ok(Ok(done)) => {
                self.is_running = false;
                return Ok(done);
            }
            Ok(Err(error)) => {
                self.is_running = false;
                error
            }
            Err(_) => {
                let silent = io::Error::new(io::ErrorKind::TimedOut, "the database did not answer");
                sqlx::Error::Io(silent)
            }
        };
        self.is_failed |= self.in_transaction;
        self.is_broken |= breaks_connection(&error);
        Err(error.into())
    }

    /// Fails in a transaction in which a statement failed. SQLite would run further statements, some of them outside
    /// of the transaction.
    pub(super) const fn check(&self) -> Result<(), StoreError> {
        if self.is_failed || self.is_broken {
            Err(StoreError::NotCommitted)
        } else {
            Ok(())
        }
    }

    /// Runs a statement without values.
    async fn run(&mut self, statement: &'static str) -> Result<(), StoreError> {
        let limit = self.limit;
        let work = async { self.begin_statement()?.run(statement).await };
        let outcome = timeout(limit, work).await;
        self.end_statement(outcome)
    }

    /// Runs a statement, and returns how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<u64, StoreError> {
        on!(self, sql, |native, text, Db| {
            let query = sqlx::query_with(text, arguments::<Db>(values)?);
            query.execute(native).await?.rows_affected()
        })
    }

    /// The rows that a statement selects. The statement limits them.
    pub(crate) async fn fetch_all<T: Fetched>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Vec<T>, StoreError> {
        on!(self, sql, |native, text, Db| {
            let query = sqlx::query_as_with(text, arguments::<Db>(values)?);
            let query = query.persistent(sql.is_kept::<Db>());
            query.fetch_all(native).await?
        })
    }

    /// The first row; `None` if the result is empty.
    pub(crate) async fn fetch_optional<T: Fetched>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Option<T>, StoreError> {
        on!(self, sql, |native, text, Db| {
            let query = sqlx::query_as_with(text, arguments::<Db>(values)?);
            let query = query.persistent(sql.is_kept::<Db>());
            query.fetch_optional(native).await?
        })
    }

    /// Reserves numbers for this many events and returns the last. Other nodes are notified at the commit.
    pub(crate) async fn take_event_numbers(&mut self, count: i64) -> Result<i64, StoreError> {
        let mut values = values![count];
        if matches!(self.pooled, Some(Pooled::Postgres(_))) {
            values.push(Value::from(CHANNEL));
        }
        on!(self, TAKE_EVENT_NUMBERS, |native, text, Db| {
            let query = sqlx::query_scalar_with(text, arguments::<Db>(values)?);
            query.fetch_one(native).await?
        })
    }

    /// The version of the key ring, which stays the same until the transaction ends.
    pub(crate) async fn hold_key_ring(&mut self) -> Result<i64, StoreError> {
        let found = self
            .fetch_optional::<(i64,)>(HOLD_KEY_RING, values![])
            .await?;
        let (version,) = found.ok_or_else(|| StoreError::from(sqlx::Error::RowNotFound))?;
        Ok(version)
    }

    /// Sets the savepoint that [`Self::return_to_savepoint`] returns to.
    pub(crate) async fn set_savepoint(&mut self) -> Result<(), StoreError> {
        self.execute(SET_SAVEPOINT, values![]).await.map(drop)
    }

    /// Undoes all changes since the savepoint, and keeps the savepoint.
    pub(crate) async fn return_to_savepoint(&mut self) -> Result<(), StoreError> {
        self.is_failed = false;
        self.execute(RETURN_TO_SAVEPOINT, values![]).await.map(drop)
    }

    /// The time of the database server's clock; `None` where the database runs in this process.
    pub(crate) async fn clock(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let found = self
            .fetch_optional::<(Option<i64>,)>(CLOCK, values![])
            .await?;
        Ok(found
            .and_then(|(micros,)| micros)
            .map(Timestamp::from_micros))
    }

    /// The names of settings of the database that are off, so that committed changes can be lost.
    pub(crate) async fn list_unsafe_settings(&mut self) -> Result<Vec<String>, StoreError> {
        let found = self
            .fetch_all::<(String,)>(UNSAFE_SETTINGS, values![])
            .await?;
        Ok(found.into_iter().map(|(name,)| name).collect())
    }

    /// Commits the transaction, if there is one.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        self.check()?;
        if !self.in_transaction {
            return Ok(());
        }
        self.limit = WRITE_TIMEOUT;
        match self.run("COMMIT").await {
            Ok(()) => {
                self.in_transaction = false;
                Ok(())
            }
            // The database may have committed before the connection was lost.
            Err(StoreError::Unavailable(cause)) => Err(StoreError::OutcomeUnknown(Some(cause))),
            Err(error) => Err(error),
        }
    }

    /// Prepares a statement, so that the database parses it.
    #[cfg(test)]
    pub(crate) async fn prepare(&mut self, sql: Sql) -> Result<(), StoreError> {
        use sqlx::{Executor as _, SqlSafeStr as _};

        on!(self, sql, |native, text, Db| {
            let _: <Db as sqlx::Database>::Statement = native.prepare(text.into_sql_str()).await?;
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(pooled) = self.pooled.take() else {
            return;
        };
        if self.is_broken {
            pooled.discard_with_others();
        } else if self.in_transaction || self.is_running {
            pooled.reset(self.in_transaction);
        }
    }
}
