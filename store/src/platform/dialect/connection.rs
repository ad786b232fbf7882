//! One connection of either database, and the few statements they spell apart.

use domain::platform::timestamp::Timestamp;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};

use super::CHANNEL;
use crate::platform::error::StoreError;

/// One connection of either database, with or without a transaction around it.
#[derive(Debug)]
pub(crate) enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// The native connection of either database, for [`on!`].
pub(crate) enum Handle<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Inner {
    pub(crate) fn handle(&mut self) -> Handle<'_> {
        match self {
            Self::SqliteRead(conn) => Handle::Sqlite(conn),
            Self::SqliteWrite(transaction) => Handle::Sqlite(transaction),
            Self::PostgresRead(conn) => Handle::Postgres(conn),
            Self::PostgresWrite(transaction) => Handle::Postgres(transaction),
        }
    }

    /// Takes so many numbers of events, and has other nodes told when the transaction commits that the record has
    /// grown; the last of the numbers.
    pub(crate) async fn take_event_numbers(&mut self, count: i64) -> Result<i64, StoreError> {
        macro_rules! take {
            ($more:literal) => {
                sqlx::query_scalar(concat!(
                    "UPDATE counter SET value = value + $1 WHERE name = 'audit_event' RETURNING value",
                    $more
                ))
            };
        }
        Ok(match self.handle() {
            Handle::Sqlite(conn) => take!("").bind(count).fetch_one(conn).await?,
            Handle::Postgres(conn) => {
                let take = take!(", CAST(pg_notify($2, '') AS TEXT)").bind(count);
                take.bind(CHANNEL).fetch_one(conn).await?
            }
        })
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), StoreError> {
        match self.handle() {
            Handle::Sqlite(conn) => sqlx::query(statement).execute(conn).await.map(drop)?,
            Handle::Postgres(conn) => sqlx::query(statement).execute(conn).await.map(drop)?,
        }
        Ok(())
    }

    pub(crate) async fn set_savepoint(&mut self) -> Result<(), StoreError> {
        self.run("SAVEPOINT act").await
    }

    pub(crate) async fn return_to_savepoint(&mut self) -> Result<(), StoreError> {
        self.run("ROLLBACK TO SAVEPOINT act").await
    }

    /// The database's own clock; `None` where it has none of its own (SQLite: the machine's is the one).
    pub(crate) async fn clock(&mut self) -> Result<Option<Timestamp>, StoreError> {
        match self.handle() {
            Handle::Sqlite(_) => Ok(None),
            Handle::Postgres(conn) => {
                let micros = sqlx::query_scalar::<_, i64>(
                    "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
                )
                .fetch_one(conn)
                .await?;
                Ok(Some(Timestamp::from_micros(micros)))
            }
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::SqliteWrite(transaction) => transaction.commit().await?,
            Self::PostgresWrite(transaction) => transaction.commit().await?,
            Self::SqliteRead(_) | Self::PostgresRead(_) => {}
        }
        Ok(())
    }
}
