//! Visiting rows one by one without copying their texts, for exports of millions of rows.

use std::{ops::ControlFlow, time::Duration};

use futures::{TryStreamExt as _, stream::BoxStream};
use serde::Deserialize;
use sqlx::{FromRow, PgConnection, Postgres, Row as _, Sqlite, SqliteConnection, postgres::PgRow};
use tokio::time::{error::Elapsed, timeout};

use super::{
    connection::Connection,
    pooled::Native,
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

/// Why visiting ended early.
enum Stopped<E> {
    /// The statement failed, or the next row took too long.
    Statement(Result<sqlx::Error, Elapsed>),
    /// The visitor failed.
    Visitor(E),
}

impl<E> From<sqlx::Error> for Stopped<E> {
    fn from(error: sqlx::Error) -> Self {
        Self::Statement(Ok(error))
    }
}

impl Connection {
    /// Calls `visit` with each row, until it breaks.
    pub(crate) async fn visit<S: Streamed, E: From<StoreError>>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
        visit: impl FnMut(S::Row<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        self.check()?;
        let limit = self.limit();
        let visited = match self.begin_statement().map_err(StoreError::from)? {
            Native::Sqlite(native) => {
                visit_json_rows::<S, E>(native, sql.sqlite, values, limit, visit).await
            }
            Native::Postgres(native) => {
                visit_rows::<S, E>(native, sql.postgres, values, limit, visit).await
            }
        };
        match visited {
            Ok(ControlFlow::Continue(())) => Ok(self.end_statement(Ok(Ok(())))?),
            // The statement is still running: the connection reads the other rows before it is used again.
            Ok(ControlFlow::Break(())) => Ok(()),
            Err(Stopped::Statement(error)) => Ok(self.end_statement(error.map(Err))?),
            Err(Stopped::Visitor(error)) => Err(error),
        }
    }
}

async fn visit_json_rows<S: Streamed, E: From<StoreError>>(
    native: &mut SqliteConnection,
    text: &'static str,
    values: Vec<Value<'_>>,
    limit: Duration,
    mut visit: impl FnMut(S::Row<'_>) -> Result<ControlFlow<()>, E>,
) -> Result<ControlFlow<()>, Stopped<E>> {
    let mut rows = sqlx::query_with(text, arguments::<Sqlite>(values)?).fetch(native);
    while let Some(row) = next(&mut rows, limit).await? {
        let json = row.try_get(0)?;
        let parsed = serde_json::from_str(json)
            .map_err(|_| Stopped::Visitor(E::from(S::COLUMN.corrupt())))?;
        if visit(S::borrow(&parsed))
            .map_err(Stopped::Visitor)?
            .is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

async fn visit_rows<S: Streamed, E>(
    native: &mut PgConnection,
    text: &'static str,
    values: Vec<Value<'_>>,
    limit: Duration,
    mut visit: impl FnMut(S::Row<'_>) -> Result<ControlFlow<()>, E>,
) -> Result<ControlFlow<()>, Stopped<E>> {
    let mut rows = sqlx::query_with(text, arguments::<Postgres>(values)?).fetch(native);
    while let Some(row) = next(&mut rows, limit).await? {
        if visit(S::Row::from_row(&row)?)
            .map_err(Stopped::Visitor)?
            .is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

async fn next<R, E>(
    rows: &mut BoxStream<'_, sqlx::Result<R>>,
    limit: Duration,
) -> Result<Option<R>, Stopped<E>> {
    let row = timeout(limit, rows.try_next()).await;
    Ok(row.map_err(|silent| Stopped::Statement(Err(silent)))??)
}
