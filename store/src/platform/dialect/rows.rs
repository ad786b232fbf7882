//! Statements over many rows that the program hands over at once: one JSON array, which both databases read but call
//! by different names. A statement costs about as much as ten rows of it.

use domain::platform::id::Id;
use serde::Serialize;

use super::{Handle, Inner, Spelled};
use crate::platform::{error::StoreError, row::Column, transaction::Conn};

/// A statement whose rows are `given`, each of them `given.value`: `given.value ->> 0` is the first field of an
/// array as text, `given.value ->> 'at'` a field of an object.
/// Made by [`over_rows!`] or [`over_digests!`].
pub(crate) struct OverRows(pub(crate) Spelled);

/// A statement over given rows: what comes before them, and what comes after.
macro_rules! over_rows {
    ($before:expr, $after:expr) => {
        $crate::platform::dialect::rows::OverRows($crate::platform::dialect::Spelled {
            sqlite: concat!($before, " json_each($1) AS given ", $after),
            postgres: concat!(
                $before,
                " jsonb_array_elements(CAST($1 AS jsonb)) AS given(value) ",
                $after
            ),
        })
    };
}

/// The same over rows whose first field is a digest in hexadecimal: `given.digest` is its bytes.
macro_rules! over_digests {
    ($before:expr, $after:expr) => {
        $crate::platform::dialect::rows::OverRows($crate::platform::dialect::Spelled {
            sqlite: concat!(
                $before,
                " (SELECT value, unhex(value ->> 0) AS digest FROM json_each($1)) AS given ",
                $after
            ),
            postgres: concat!(
                $before,
                " (SELECT value, decode(value ->> 0, 'hex') AS digest ",
                "FROM jsonb_array_elements(CAST($1 AS jsonb)) AS each(value)) AS given ",
                $after
            ),
        })
    };
}

pub(crate) use {over_digests, over_rows};

/// Ids as rows of one field.
pub(crate) fn alone(ids: &[Id]) -> Vec<[Id; 1]> {
    ids.iter().map(|id| [*id]).collect()
}

impl Inner {
    /// Runs a statement over these rows; how many rows of the database it touched.
    pub(crate) async fn run_over(
        &mut self,
        statement: &OverRows,
        rows: &impl Serialize,
    ) -> Result<u64, StoreError> {
        let rows = written(rows)?;
        Ok(match self.handle() {
            Handle::Sqlite(conn) => {
                let done = sqlx::query(statement.0.sqlite).bind(&rows).execute(conn);
                done.await?.rows_affected()
            }
            Handle::Postgres(conn) => {
                let done = sqlx::query(statement.0.postgres).bind(&rows).execute(conn);
                done.await?.rows_affected()
            }
        })
    }

    /// Runs a statement over these rows, unless there are none.
    pub(crate) async fn run_over_any(
        &mut self,
        statement: &OverRows,
        rows: &[impl Serialize],
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.run_over(statement, &rows).await.map(drop)
    }
}

impl Conn {
    /// Runs a statement over these rows; how many rows of the database it touched.
    pub(crate) async fn run_over(
        &mut self,
        statement: &OverRows,
        rows: &impl Serialize,
    ) -> Result<u64, StoreError> {
        self.ready().await?.run_over(statement, rows).await
    }

    /// Asks a question about these rows.
    pub(crate) async fn ask_over<T>(
        &mut self,
        statement: &OverRows,
        rows: &impl Serialize,
    ) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
            + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
            + Send
            + Unpin,
    {
        let rows = written(rows)?;
        Ok(match self.ready().await?.handle() {
            Handle::Sqlite(conn) => {
                let asked = sqlx::query_as(statement.0.sqlite).bind(&rows);
                asked.fetch_all(conn).await?
            }
            Handle::Postgres(conn) => {
                let asked = sqlx::query_as(statement.0.postgres).bind(&rows);
                asked.fetch_all(conn).await?
            }
        })
    }
}

fn written(rows: &impl Serialize) -> Result<String, StoreError> {
    Column("given", "value").written(rows)
}
