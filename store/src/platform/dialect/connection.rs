//! A connection to either database, and running statements on it.

use domain::platform::timestamp::Timestamp;
use sqlx::{
    FromRow, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection,
    postgres::PgRow, sqlite::SqliteRow,
};

use super::{
    listener::CHANNEL,
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
    const SET_SAVEPOINT: Sql = "SAVEPOINT operation";
    const RETURN_TO_SAVEPOINT: Sql = "ROLLBACK TO SAVEPOINT operation";
    /// SQLite runs in this process and has no other clock.
    const CLOCK: Sql = Spelled {
        sqlite: "SELECT CAST(NULL AS BIGINT)",
        postgres: "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
    };
}

/// A connection to either database, with or without a transaction.
#[derive(Debug)]
pub(crate) enum Connection {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// The driver's connection.
pub(super) enum Native<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Expands one body for each database. In it `$db` is the type of the database, and `$text` its text of the statement.
macro_rules! on {
    ($connection:expr, $sql:expr, |$native:ident, $text:ident, $db:ident| $body:expr) => {
        match $connection.native() {
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
        }
    };
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
    pub(super) fn native(&mut self) -> Native<'_> {
        match self {
            Self::SqliteRead(connection) => Native::Sqlite(connection),
            Self::SqliteWrite(transaction) => Native::Sqlite(transaction),
            Self::PostgresRead(connection) => Native::Postgres(connection),
            Self::PostgresWrite(transaction) => Native::Postgres(transaction),
        }
    }

    /// Runs a statement, and returns how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<u64, StoreError> {
        Ok(on!(self, sql, |native, text, Db| {
            let query = sqlx::query_with(text, arguments::<Db>(values)?);
            query.execute(native).await?.rows_affected()
        }))
    }

    /// The rows that a statement selects. The statement limits them.
    pub(crate) async fn fetch_all<T: Fetched>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Vec<T>, StoreError> {
        Ok(on!(self, sql, |native, text, Db| {
            let query = sqlx::query_as_with(text, arguments::<Db>(values)?);
            query.fetch_all(native).await?
        }))
    }

    /// The first row; `None` if the result is empty.
    pub(crate) async fn fetch_optional<T: Fetched>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Option<T>, StoreError> {
        Ok(on!(self, sql, |native, text, Db| {
            let query = sqlx::query_as_with(text, arguments::<Db>(values)?);
            query.fetch_optional(native).await?
        }))
    }

    /// Reserves numbers for this many events and returns the last. Other nodes are notified at the commit.
    pub(crate) async fn take_event_numbers(&mut self, count: i64) -> Result<i64, StoreError> {
        let mut values = values![count];
        if matches!(self.native(), Native::Postgres(_)) {
            values.push(Value::from(CHANNEL));
        }
        Ok(on!(self, TAKE_EVENT_NUMBERS, |native, text, Db| {
            let query = sqlx::query_scalar_with(text, arguments::<Db>(values)?);
            query.fetch_one(native).await?
        }))
    }

    /// Sets the savepoint that [`Self::return_to_savepoint`] returns to.
    pub(crate) async fn set_savepoint(&mut self) -> Result<(), StoreError> {
        self.execute(SET_SAVEPOINT, values![]).await.map(drop)
    }

    /// Undoes all changes since the savepoint, and keeps the savepoint.
    pub(crate) async fn return_to_savepoint(&mut self) -> Result<(), StoreError> {
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

    /// Commits the transaction, if there is one.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::SqliteWrite(transaction) => transaction.commit().await?,
            Self::PostgresWrite(transaction) => transaction.commit().await?,
            Self::SqliteRead(_) | Self::PostgresRead(_) => {}
        }
        Ok(())
    }

    /// Prepares a statement, so that the database parses it.
    #[cfg(test)]
    pub(crate) async fn prepare(&mut self, sql: Sql) -> Result<(), StoreError> {
        use sqlx::{Executor as _, SqlSafeStr as _};

        on!(self, sql, |native, text, Db| {
            let _: <Db as sqlx::Database>::Statement = native.prepare(text.into_sql_str()).await?;
        });
        Ok(())
    }
}
