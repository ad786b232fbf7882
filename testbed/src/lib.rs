//! Fresh databases for tests: a temporary SQLite file, and a database of its own on a real PostgreSQL; and a mail server.
//!
//! Only tests depend on this crate. [`on_both!`] turns one story into two tests, one a database.

pub mod smtp;

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection, PgConnection, sqlite::SqliteConnectOptions,
};
use tempfile::TempDir;

pub use tokio;

/// The variable that names the PostgreSQL server for tests; `cargo xtask test` sets it.
pub const POSTGRES_VARIABLE: &str = "COUNTERSIGN_TEST_POSTGRES_URL";

/// An empty database, gone when this is dropped (PostgreSQL's when its server is).
#[derive(Debug)]
pub struct Database {
    /// Its address, as `countersign --database-url` takes it.
    pub url: String,
    /// A folder of its own, for the SQLite file, the master key and whatever else a test writes.
    pub folder: TempDir,
}

impl Database {
    /// Runs a statement behind the back of whatever has the database open, as somebody with access to it could.
    ///
    /// # Panics
    /// When the database does not take it.
    pub async fn tamper(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        if let Some(file) = self.url.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = options.connect().await.expect("the file opens");
            let done = sqlx::query(statement).execute(&mut connection).await;
            done.expect("SQLite takes the statement");
        } else {
            let connection = PgConnection::connect(&self.url).await;
            let mut connection = connection.expect("PostgreSQL answers");
            let done = sqlx::query(statement).execute(&mut connection).await;
            done.expect("PostgreSQL takes the statement");
        }
    }
}

/// A fresh SQLite file.
///
/// # Panics
/// When no temporary folder can be made.
#[must_use]
pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    Database {
        url: format!("sqlite:{}", folder.path().join("countersign.db").display()),
        folder,
    }
}

/// A fresh database on the PostgreSQL server for tests.
///
/// # Panics
/// When there is no such server: a test that needs it fails rather than being skipped.
pub async fn postgres() -> Database {
    let server = std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
        panic!("{POSTGRES_VARIABLE} is not set: run the tests by `cargo xtask test`, or name a PostgreSQL server")
    });
    let name = fresh_name();
    let mut connection = PgConnection::connect(&server)
        .await
        .expect("the PostgreSQL server answers");
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .expect("the PostgreSQL server makes a database");
    let (address, _) = server
        .rsplit_once('/')
        .expect("the address ends in a database's name");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    Database {
        url: format!("{address}/{name}"),
        folder,
    }
}

/// A name no other test, in this process or another, has.
fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = tempfile::Builder::new()
        .prefix("t")
        .rand_bytes(12)
        .tempdir()
        .expect("a name can be made");
    let chance = folder
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("t")
        .to_lowercase();
    format!("{}_{}", chance, NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Turns each `async fn story(database: Database)` into two tests, `story::on_sqlite` and `story::on_postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: Database) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($database: $crate::Database) $body

            #[test]
            fn on_sqlite() {
                $crate::run(async { story($crate::sqlite()).await });
            }

            #[test]
            fn on_postgres() {
                $crate::run(async { story($crate::postgres().await).await });
            }
        }
    )*};
}

/// Runs a story to its end on a runtime like the server's.
///
/// # Panics
/// When the runtime cannot be started, or the story fails.
pub fn run(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be started")
        .block_on(story);
}
