//! Opening a PostgreSQL database, and its write transactions.

use std::str::FromStr;

use sqlx::{
    Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    connection::Connection,
    limits::{ACQUIRE_TIMEOUT, CONNECTIONS, IDLE_UNTESTED},
};
use crate::platform::{detached::detached, error::StoreError};

/// Begins a transaction.
pub(super) const BEGIN: &str = "BEGIN";

/// Begins a transaction that excludes all other writes until it ends, like `BEGIN IMMEDIATE` on SQLite.
pub(super) const BEGIN_EXCLUSIVE: &str =
    "BEGIN; UPDATE counter SET value = value WHERE name = 'audit_event'";

/// Opens the database at a URL.
pub(super) async fn open(url: &str) -> Result<PgPool, StoreError> {
    // The message of the driver may contain the password of the URL.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Address("the PostgreSQL address cannot be read".to_owned()))?
        .application_name("countersign");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|conn, _| {
            Box::pin(async move {
                // PostgreSQL compiles some statements that run a hundred times faster than they compile. A database
                // that is only compatible with PostgreSQL may lack the setting.
                if let Err(error) = sqlx::query("SET jit = off").execute(conn).await {
                    tracing::debug!(%error, "The database has no setting `jit`.");
                }
                Ok(())
            })
        })
        .test_before_acquire(false)
        .before_acquire(|conn, usage| {
            Box::pin(async move {
                if usage.idle_for > IDLE_UNTESTED {
                    conn.ping().await?;
                }
                Ok(true)
            })
        });
    Ok(pool.connect_with(options).await?)
}

/// Begins a transaction, even when the caller is cancelled: the driver would not notice that the transaction is open,
/// and it would exclude all others.
pub(super) async fn begin(
    pool: &PgPool,
    statement: &'static str,
) -> Result<Connection, StoreError> {
    let pool = pool.clone();
    let transaction = detached(async move { pool.begin_with(statement).await }).await??;
    Ok(Connection::PostgresWrite(transaction))
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, PgConnection};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    #[tokio::test]
    async fn a_connection_cut_while_it_is_opened_is_an_outage() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://{}/countersign", listener.local_addr().unwrap());
        let cut = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_u64().await.unwrap();
            stream.write_all(&[0]).await.unwrap();
        };
        let (opened, ()) = tokio::join!(PgConnection::connect(&url), cut);
        let error = StoreError::from(opened.unwrap_err());
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    }
}
