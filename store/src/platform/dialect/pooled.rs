//! A connection of a pool: how it is returned, and how it is discarded when it cannot be proven to be clean.

use deadpool::managed::Object;
use sqlx::{Connection as _, PgConnection, Sqlite, SqliteConnection, pool::PoolConnection};
use tokio::{runtime::Handle, time::timeout};

use super::{limits::RESET_TIMEOUT, postgres::manager::PostgresManager};

/// A connection of a pool. Dropping it returns it to the pool as it is.
#[derive(Debug)]
pub(super) enum Pooled {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(Object<PostgresManager>),
}

/// The driver's connection.
pub(super) enum Native<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Pooled {
    pub(super) fn native(&mut self) -> Native<'_> {
        match self {
            Self::Sqlite(connection) => Native::Sqlite(connection),
            Self::Postgres(connection) => Native::Postgres(&mut connection.native),
        }
    }

    /// Closes the connection without waiting, so that the pool opens another. The database undoes its transaction.
    pub(super) fn discard(self) {
        match self {
            Self::Sqlite(connection) => drop(connection.detach()),
            Self::Postgres(connection) => drop(Object::take(connection)),
        }
    }

    /// As [`Self::discard`], and replaces the other connections, which may be lost too.
    pub(super) fn discard_with_others(self) {
        if let Self::Postgres(connection) = &self
            && let Some(pool) = Object::pool(connection)
        {
            pool.manager().replace_connections(connection);
        }
        self.discard();
    }

    /// Ends the transaction or statement in the background, and returns the connection to the pool when it is clean.
    pub(super) fn reset(self, in_transaction: bool) {
        let Ok(runtime) = Handle::try_current() else {
            return self.discard();
        };
        runtime.spawn(async move {
            let mut pooled = self;
            let is_clean = timeout(RESET_TIMEOUT, pooled.undo(in_transaction)).await;
            if !matches!(is_clean, Ok(Ok(()))) {
                pooled.discard();
            }
        });
    }

    /// Undoes the transaction. Fails when SQLite has already ended it, as after some errors.
    async fn undo(&mut self, in_transaction: bool) -> sqlx::Result<()> {
        if in_transaction {
            self.native().run("ROLLBACK").await
        } else {
            match self.native() {
                Native::Sqlite(native) => native.ping().await,
                Native::Postgres(native) => native.ping().await,
            }
        }
    }
}

impl Native<'_> {
    /// Runs a statement without values, such as `COMMIT`.
    pub(super) async fn run(self, statement: &'static str) -> sqlx::Result<()> {
        let statement = sqlx::raw_sql(statement);
        match self {
            Native::Sqlite(native) => statement.execute(native).await.map(drop),
            Native::Postgres(native) => statement.execute(native).await.map(drop),
        }
    }
}
