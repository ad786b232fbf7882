//! The value of any column, read without knowing its type.

use sqlx::{ColumnIndex, Decode, FromRow, Row, TypeInfo as _, ValueRef as _};

/// A value. A boolean is 0 or 1 on both databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The values of a row, in the order of the statement.
#[derive(Debug)]
pub(crate) struct Cells(pub(crate) Vec<Cell>);

impl<'r, R: Row> FromRow<'r, R> for Cells
where
    usize: ColumnIndex<R>,
    bool: Decode<'r, R::Database>,
    i64: Decode<'r, R::Database>,
    String: Decode<'r, R::Database>,
    Vec<u8>: Decode<'r, R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let cell = |index: usize| {
            let value = row.try_get_raw(index)?;
            if value.is_null() {
                return Ok(Cell::Null);
            }
            Ok(match value.type_info().name() {
                "BOOL" | "BOOLEAN" => {
                    Cell::Integer(row.try_get_unchecked::<bool, _>(index)?.into())
                }
                "BIGINT" | "INT8" | "INTEGER" => Cell::Integer(row.try_get_unchecked(index)?),
                "BLOB" | "BYTEA" => Cell::Bytes(row.try_get_unchecked(index)?),
                _ => Cell::Text(row.try_get_unchecked(index)?),
            })
        };
        (0..row.len())
            .map(cell)
            .collect::<sqlx::Result<_>>()
            .map(Self)
    }
}
