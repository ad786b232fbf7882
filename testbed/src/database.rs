//! Empty databases for tests.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection, PgConnection, sqlite::SqliteConnectOptions,
};
use tempfile::TempDir;

/// The variable that names the PostgreSQL server for tests; `cargo xtask test` sets it.
pub const POSTGRES_VARIABLE: &str = "COUNTERSIGN_TEST_POSTGRES_URL";

/// The file in the folder of a database that marks a database that was changed without the product.
pub const TAMPERED: &str = "tampered";

/// An empty database. A SQLite file is deleted on drop, a PostgreSQL database with its server.
#[derive(Debug)]
pub struct Database {
    /// Its URL, for `countersign --database-url`.
    pub url: String,
    /// A folder for the SQLite file, the master key and other files of the test.
    pub folder: TempDir,
}

impl Database {
    /// Runs a statement on the database directly, without the product.
    ///
    /// # Panics
    /// When the database rejects it.
    pub async fn tamper(&self, statement: &str) {
        let marked = std::fs::write(self.folder.path().join(TAMPERED), "");
        marked.expect("the folder can be written to");
        let statement = AssertSqlSafe(statement.to_owned());
        if let Some(file) = self.url.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = options.connect().await.expect("the file opens");
            let done = sqlx::query(statement).execute(&mut connection).await;
            done.expect("SQLite accepts the statement");
        } else {
            let connection = PgConnection::connect(&self.url).await;
            let mut connection = connection.expect("PostgreSQL answers");
            let done = sqlx::query(statement).execute(&mut connection).await;
            done.expect("PostgreSQL accepts the statement");
        }
    }

    /// Reads the texts that a query for one column selects, without the product.
    ///
    /// # Panics
    /// When the database rejects the query.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let query = AssertSqlSafe(query.to_owned());
        if let Some(file) = self.url.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = options.connect().await.expect("the file opens");
            let found = sqlx::query_scalar(query).fetch_all(&mut connection).await;
            found.expect("SQLite accepts the query")
        } else {
            let connection = PgConnection::connect(&self.url).await;
            let mut connection = connection.expect("PostgreSQL answers");
            let found = sqlx::query_scalar(query).fetch_all(&mut connection).await;
            found.expect("PostgreSQL accepts the query")
        }
    }

    /// Reads everything that is stored, as text: the bytes of a SQLite file, or the rows of all tables.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub async fn dump(&self) -> String {
        let Some(file) = self.url.strip_prefix("sqlite:") else {
            let mut rows = Vec::new();
            let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
            for table in self.texts(tables).await {
                let all = format!("SELECT row_to_json(t)::text FROM \"{table}\" t");
                rows.extend(self.texts(&all).await);
            }
            return rows.concat();
        };
        ["", "-wal"]
            .iter()
            .filter_map(|suffix| std::fs::read(format!("{file}{suffix}")).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }

    /// Returns bytes, given in hexadecimal, as a literal for [`Database::tamper`].
    #[must_use]
    pub fn bytes_literal(&self, hex: &str) -> String {
        if self.url.starts_with("sqlite:") {
            format!("X'{hex}'")
        } else {
            format!("'\\x{hex}'::bytea")
        }
    }
}

/// A new SQLite database.
///
/// # Panics
/// When no temporary folder can be created.
#[must_use]
pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    Database {
        url: format!("sqlite:{}", folder.path().join("countersign.db").display()),
        folder,
    }
}

/// A new database on the PostgreSQL server for tests.
///
/// # Panics
/// When there is no such server: the test fails and is not skipped.
pub async fn postgres() -> Database {
    let server = std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
        panic!("{POSTGRES_VARIABLE} is not set: run the tests with `cargo xtask test`, or set it to the URL of a PostgreSQL server")
    });
    let name = fresh_name();
    let mut connection = PgConnection::connect(&server)
        .await
        .expect("the PostgreSQL server answers");
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .expect("the PostgreSQL server creates a database");
    let (base, _) = server
        .rsplit_once('/')
        .expect("the URL ends with the name of a database");
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    Database {
        url: format!("{base}/{name}"),
        folder,
    }
}

/// A name that no other test has, in this process or another.
fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = tempfile::Builder::new()
        .prefix("t")
        .rand_bytes(12)
        .tempdir()
        .expect("a random name can be created");
    let random = folder
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("t")
        .to_lowercase();
    format!("{}_{}", random, NEXT.fetch_add(1, Ordering::Relaxed))
}
