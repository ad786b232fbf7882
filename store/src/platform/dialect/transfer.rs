//! Moving all rows of a SQLite file to an empty PostgreSQL database, in one transaction: until it commits, the database
//! has no row, so an interrupted move is repeated from the start.
//!
//! Rows are passed as JSON, with bytes in hexadecimal. Every value arrives as it is: the hashes and MACs of rows are
//! computed from their values, so they stay valid.

mod tables;

use deadpool::managed::Object;
use futures::TryStreamExt as _;
use serde_json::{Map, Value as Json};
use sqlx::{
    Column as _, PgConnection, Row as _, SqlitePool, TypeInfo as _, ValueRef as _,
    sqlite::SqliteRow,
};
use thiserror::Error;

use self::tables::{FILLED_BY_MIGRATIONS, TABLES, Table};
use super::{
    pools::Pools,
    postgres::{PostgresPool, manager::PostgresManager},
    schema::Schema,
    sqlite::SqlitePools,
};
use crate::platform::{access::Access, error::StoreError};

/// Approximate size of the rows in one statement, in bytes. A single row may be larger.
const BATCH_BYTES: usize = 1 << 20;

/// Maximum number of rows in one statement.
const BATCH_ROWS: usize = 2_000;

/// A table of the schema that new tables are created in.
const OTHER_TABLES: &str = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() \
    ORDER BY tablename LIMIT 1";

/// Whether an earlier version has set up an organization in this database.
const HAS_ORGANIZATION: &str = "SELECT to_regclass('organization') IS NOT NULL";

/// Excludes servers and other moves. A server that starts waits here.
const LOCK: &str = "LOCK TABLE counter, organization, master_key IN ACCESS EXCLUSIVE MODE";

/// Objects refer to objects, which may follow in a later statement.
const DEFER: [&str; 2] = [
    "ALTER TABLE object ALTER CONSTRAINT object_parent_id_fkey DEFERRABLE INITIALLY DEFERRED",
    "ALTER TABLE object ALTER CONSTRAINT object_access_id_fkey DEFERRABLE INITIALLY DEFERRED",
];

/// Checks the deferred references, and makes the schema as it was.
const UNDEFER: [&str; 3] = [
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE object ALTER CONSTRAINT object_parent_id_fkey NOT DEFERRABLE",
    "ALTER TABLE object ALTER CONSTRAINT object_access_id_fkey NOT DEFERRABLE",
];

/// Why rows were not moved.
#[derive(Debug, Error)]
pub enum TransferError {
    /// The database to move is not a file.
    #[error("only a SQLite database is moved")]
    NotAFile,
    /// The destination is not a PostgreSQL database.
    #[error("the destination is no PostgreSQL database: its URL starts with postgres://")]
    NotAServer,
    /// The destination has rows of this product.
    #[error(
        "the destination has data already, in the table {0}: use an empty database; a move that was interrupted leaves \
         none"
    )]
    HasData(&'static str),
    /// The destination has tables of another product.
    #[error("the destination has a table of another program, {0}: use an empty database")]
    HasTables(String),
    /// A table has another number of rows after the move.
    #[error("the table {table} has {there} rows in the destination, and {here} here")]
    Count {
        /// The table.
        table: &'static str,
        /// Its rows in the file.
        here: i64,
        /// Its rows in the destination.
        there: i64,
    },
    /// A value is not one that this product stores.
    #[error("the table {0} has a value that cannot be moved")]
    Value(&'static str),
    /// The destination failed.
    #[error("the destination failed: {0}")]
    Destination(#[source] StoreError),
    /// The file failed.
    #[error("the file failed: {0}")]
    Source(#[source] StoreError),
}

/// A table whose rows were moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub name: &'static str,
    /// The number of its rows.
    pub rows: i64,
}

/// A move in progress. Dropping it undoes it.
pub struct Transfer {
    source: SqlitePool,
    /// Has an open transaction, which the server undoes when the connection closes.
    target: Object<PostgresManager>,
    moved: Vec<MovedTable>,
}

impl Transfer {
    /// Prepares an empty database, and begins the transaction. The pools read a file.
    pub(crate) async fn begin(source: &Pools, url: &str) -> Result<Self, TransferError> {
        let Pools::Sqlite(SqlitePools { readers, .. }) = source else {
            return Err(TransferError::NotAFile);
        };
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(TransferError::NotAServer);
        }
        let target = PostgresPool::open(url, Access::Migrate).await;
        let pools = Pools::Postgres(target.map_err(TransferError::Destination)?);
        prepare(&pools).await?;
        let Pools::Postgres(pool) = &pools else {
            return Err(TransferError::NotAServer);
        };
        let mut target = pool.get().await.map_err(TransferError::Destination)?;
        let native = &mut target.native;
        for statement in ["BEGIN", LOCK].into_iter().chain(DEFER) {
            run(native, statement).await?;
        }
        // Again, now that nothing else can write.
        check_empty(native).await?;
        for table in TABLES.iter().rev() {
            run(native, table.clear).await?;
        }
        Ok(Self {
            source: readers.clone(),
            target,
            moved: Vec::new(),
        })
    }

    /// Moves the rows of the next table; `None` after the last.
    ///
    /// # Errors
    /// [`TransferError`]; then nothing is moved.
    pub async fn move_table(&mut self) -> Result<Option<MovedTable>, TransferError> {
        let Some(table) = TABLES.get(self.moved.len()) else {
            return Ok(None);
        };
        let mut rows = sqlx::query(table.read).fetch(&self.source);
        let (mut batch, mut count, mut total) = (String::from("["), 0, 0);
        while let Some(row) = rows.try_next().await.map_err(of_source)? {
            if count > 0 {
                batch.push(',');
            }
            batch.push_str(&json_of(&row, table)?);
            (count, total) = (count + 1, total + 1);
            if batch.len() >= BATCH_BYTES || count == BATCH_ROWS {
                write(&mut self.target.native, table, &mut batch).await?;
                count = 0;
            }
        }
        if count > 0 {
            write(&mut self.target.native, table, &mut batch).await?;
        }
        let moved = MovedTable {
            name: table.name,
            rows: total,
        };
        self.moved.push(moved);
        Ok(Some(moved))
    }

    /// Compares the numbers of rows, and checks references.
    ///
    /// # Errors
    /// [`TransferError`]; then nothing is moved.
    pub async fn check(&mut self) -> Result<(), TransferError> {
        for table in &TABLES {
            let here: i64 = sqlx::query_scalar(table.count)
                .fetch_one(&self.source)
                .await
                .map_err(of_source)?;
            let there: i64 = sqlx::query_scalar(table.count)
                .fetch_one(&mut self.target.native)
                .await
                .map_err(of_target)?;
            if here != there {
                let table = table.name;
                return Err(TransferError::Count { table, here, there });
            }
        }
        for statement in UNDEFER {
            run(&mut self.target.native, statement).await?;
        }
        Ok(())
    }

    /// Commits the move, and gathers the statistics that PostgreSQL plans statements with.
    ///
    /// # Errors
    /// [`TransferError::Destination`] when the database does not confirm it.
    pub async fn commit(mut self) -> Result<(), TransferError> {
        let native = &mut self.target.native;
        let committed = sqlx::raw_sql("COMMIT").execute(&mut *native).await;
        if let Err(error) = committed {
            let error = StoreError::OutcomeUnknown(Some(error));
            return Err(TransferError::Destination(error));
        }
        if let Err(error) = sqlx::raw_sql("ANALYZE").execute(native).await {
            tracing::warn!(%error, "The statistics of the destination were not gathered.");
        }
        Ok(())
    }
}

/// Brings the schema of an empty database up to date. A move that was interrupted may have begun that.
async fn prepare(pools: &Pools) -> Result<(), TransferError> {
    let schema = pools.schema().await.map_err(TransferError::Destination)?;
    let Pools::Postgres(pool) = pools else {
        return Err(TransferError::NotAServer);
    };
    let mut target = pool.get().await.map_err(TransferError::Destination)?;
    let native = &mut target.native;
    match schema {
        Schema::Missing => {
            let found: Option<String> = sqlx::query_scalar(OTHER_TABLES)
                .fetch_optional(&mut *native)
                .await
                .map_err(of_target)?;
            if let Some(name) = found.filter(|name| name != "_sqlx_migrations") {
                return Err(TransferError::HasTables(name));
            }
        }
        Schema::Earlier => {
            let has_table: bool = sqlx::query_scalar(HAS_ORGANIZATION)
                .fetch_one(&mut *native)
                .await
                .map_err(of_target)?;
            if has_table {
                check_organization(native).await?;
            }
        }
        Schema::Current => check_empty(native).await?,
        Schema::Later(version) => {
            let error = StoreError::TooNew(version);
            return Err(TransferError::Destination(error));
        }
    }
    drop(target);
    pools.migrate().await.map_err(TransferError::Destination)
}

async fn check_organization(target: &mut PgConnection) -> Result<(), TransferError> {
    let organization = TABLES.iter().filter(|table| table.name == "organization");
    for table in organization {
        check_table(target, table).await?;
    }
    Ok(())
}

/// Fails when a table has a row that no migration has stored.
async fn check_empty(target: &mut PgConnection) -> Result<(), TransferError> {
    let tables = TABLES.iter();
    for table in tables.filter(|table| !FILLED_BY_MIGRATIONS.contains(&table.name)) {
        check_table(target, table).await?;
    }
    Ok(())
}

async fn check_table(target: &mut PgConnection, table: &Table) -> Result<(), TransferError> {
    let found = sqlx::query(table.find).fetch_optional(target).await;
    match found.map_err(of_target)? {
        Some(_) => Err(TransferError::HasData(table.name)),
        None => Ok(()),
    }
}

/// Runs a statement without values.
async fn run(target: &mut PgConnection, statement: &'static str) -> Result<(), TransferError> {
    let ran = sqlx::raw_sql(statement).execute(target).await;
    ran.map(drop).map_err(of_target)
}

/// Inserts a batch of rows, and begins the next one.
async fn write(
    target: &mut PgConnection,
    table: &Table,
    batch: &mut String,
) -> Result<(), TransferError> {
    batch.push(']');
    let query = sqlx::query(table.write).bind(batch.as_str());
    query.execute(target).await.map_err(of_target)?;
    batch.clear();
    batch.push('[');
    Ok(())
}

/// A row as a JSON object.
fn json_of(row: &SqliteRow, table: &Table) -> Result<String, TransferError> {
    let mut object = Map::new();
    for column in row.columns() {
        let value = json_value(row, column.ordinal());
        let value = value.map_err(of_source)?;
        let value = value.ok_or(TransferError::Value(table.name))?;
        object.insert(column.name().to_owned(), value);
    }
    Ok(Json::Object(object).to_string())
}

/// A value, by the type that it is stored with; `None` for a type that no column has.
fn json_value(row: &SqliteRow, place: usize) -> sqlx::Result<Option<Json>> {
    let stored = row.try_get_raw(place)?;
    if stored.is_null() {
        return Ok(Some(Json::Null));
    }
    let kind = stored.type_info();
    Ok(match kind.name() {
        "INTEGER" => Some(Json::from(row.try_get_unchecked::<i64, _>(place)?)),
        "TEXT" => {
            let text = row.try_get_unchecked::<String, _>(place)?;
            // PostgreSQL has no such text.
            Some(text)
                .filter(|text| !text.contains('\0'))
                .map(Json::from)
        }
        "BLOB" => {
            let bytes = row.try_get_unchecked::<&[u8], _>(place)?;
            Some(Json::from(format!("\\x{}", hex::encode(bytes))))
        }
        _ => None,
    })
}

fn of_source(error: sqlx::Error) -> TransferError {
    TransferError::Source(error.into())
}

fn of_target(error: sqlx::Error) -> TransferError {
    TransferError::Destination(error.into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The tables of a file, without those of its indexes of texts.
    const TABLES_OF_FILE: &str = "SELECT t.name FROM sqlite_master t WHERE t.type = 'table' \
        AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_sqlx%' AND t.name <> 'text_key' AND NOT EXISTS \
        (SELECT 1 FROM sqlite_master v WHERE v.sql LIKE 'CREATE VIRTUAL TABLE%' \
            AND (t.name = v.name OR t.name LIKE v.name || '\\_%' ESCAPE '\\'))";

    #[tokio::test]
    async fn every_table_is_moved_after_those_that_it_refers_to() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let pools = Pools::open(&url, Access::Migrate).await.unwrap();
        pools.migrate().await.unwrap();
        let Pools::Sqlite(SqlitePools { readers, .. }) = &pools else {
            unreachable!("it is a file")
        };
        let found: Vec<String> = sqlx::query_scalar(TABLES_OF_FILE)
            .fetch_all(readers)
            .await
            .unwrap();
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        let moved: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(moved.iter().copied().collect::<BTreeSet<_>>(), found);
        let references: Vec<(String, String)> = sqlx::query_as(
            "SELECT t.name, f.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f \
             WHERE t.type = 'table'",
        )
        .fetch_all(readers)
        .await
        .unwrap();
        let place = |name: &str| moved.iter().position(|moved| *moved == name).unwrap();
        for (from, to) in references {
            assert!(place(&to) <= place(&from), "{from} refers to {to}");
        }
        pools.close().await;
    }
}
