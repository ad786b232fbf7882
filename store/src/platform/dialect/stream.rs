//! Visiting rows one by one without copying their texts, for exports of millions of rows.

use std::ops::ControlFlow;

use futures::TryStreamExt as _;
use serde::Deserialize;
use sqlx::{FromRow, Postgres, Row as _, Sqlite, postgres::PgRow};

use super::{
    connection::{Connection, Native},
    sql::Sql,
    value::{Value, arguments},
};
use crate::platform::{column::Column, error::StoreError};

/// A statement whose rows are visited: the columns, and the text after them. The driver copies each value of a SQLite
/// row, so SQLite returns the row as one JSON value.
macro_rules! streamed {
    ($columns:expr, $($rest:expr),+) => {
        $crate::platform::dialect::sql::Spelled {
            sqlite: concat!("SELECT json_array(", $columns, ") ", $($rest),+),
            postgres: concat!("SELECT ", $columns, " ", $($rest),+),
        }
    };
}

pub(crate) use streamed;

/// A row that is visited without copying its texts.
pub(crate) trait Streamed {
    /// The column that is reported when a row cannot be decoded.
    const COLUMN: Column;

    /// The row as parsed from the JSON that SQLite returns.
    type Parsed<'r>: Deserialize<'r>;

    /// The row as it is visited.
    type Row<'r>: FromRow<'r, PgRow>;

    /// Borrows from a parsed row.
    fn borrow<'a>(parsed: &'a Self::Parsed<'_>) -> Self::Row<'a>;
}

impl Connection {
    /// Calls `visit` with each row, until it breaks.
    pub(crate) async fn visit<S: Streamed, E: From<StoreError>>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
        mut visit: impl FnMut(S::Row<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        match self.native() {
            Native::Sqlite(native) => {
                let mut rows =
                    sqlx::query_with(sql.sqlite, arguments::<Sqlite>(values)?).fetch(native);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    let json = row.try_get(0).map_err(StoreError::from)?;
                    let parsed = serde_json::from_str(json).map_err(|_| S::COLUMN.corrupt())?;
                    if visit(S::borrow(&parsed))?.is_break() {
                        break;
                    }
                }
            }
            Native::Postgres(native) => {
                let mut rows =
                    sqlx::query_with(sql.postgres, arguments::<Postgres>(values)?).fetch(native);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    if visit(S::Row::from_row(&row).map_err(StoreError::from)?)?.is_break() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}
