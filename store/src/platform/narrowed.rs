//! Lists whose filter may pass few of many rows. A list is read in its order, which finds the rows of a page early when
//! many rows pass. When few pass, an index finds their ids first, and only these rows are read and ordered.

use domain::platform::{
    page::{OffsetPage, Page},
    visible::folded,
};

use super::{
    conn::{Conn, Stored},
    dialect::{sql::Sql, text_search::INDEXED_CHARACTERS, value::Value},
    error::StoreError,
};

/// The maximum number of rows that are read by their ids.
const FEW: usize = 1_000;

/// The number of characters of a text that select rows. Each further one costs an index time and selects hardly less.
const SELECTING_CHARACTERS: usize = 32;

/// Counts the rows of a table that a condition passes, among those with the ids in `$ids`, up to a limit. Arguments: the
/// table, the condition, and the placeholders of the ids and the limit.
macro_rules! counted_few {
    ($table:literal, $condition:expr, $ids:literal, $limit:literal) => {
        $crate::platform::over_rows!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT given.value ->> 0 AS few_id FROM",
            $ids,
            concat!(
                ") AS few CROSS JOIN ",
                $table,
                " WHERE id = few_id AND ",
                $condition,
                " LIMIT ",
                $limit,
                ") AS found"
            )
        )
    };
}

/// Lists the rows of a table that a condition passes, among those with the ids in `$ids`, in one order. Arguments: the
/// columns, the table, the condition, the order, and the placeholders of the ids, the limit and the offset.
macro_rules! listed_few {
    ($columns:expr, $table:literal, $condition:expr, $order:expr, $ids:literal, $limit:literal, $offset:literal) => {
        $crate::platform::over_rows!(
            concat!(
                "SELECT ",
                $columns,
                " FROM (SELECT given.value ->> 0 AS few_id FROM"
            ),
            $ids,
            concat!(
                ") AS few CROSS JOIN ",
                $table,
                " WHERE id = few_id AND ",
                $condition,
                " ORDER BY ",
                $order,
                " LIMIT ",
                $limit,
                " OFFSET ",
                $offset
            )
        )
    };
}

/// Counts the rows of a table that a condition passes: all, and among few. The ids of the few take the placeholder of
/// the limit, which is then the next one. Arguments: the table, the condition, the placeholder of the limit or the ids,
/// and the one after it.
macro_rules! counted_narrowed {
    ($table:literal, $condition:expr, $first:literal, $second:literal) => {
        [
            $crate::platform::dialect::sql::Spelled::same($crate::platform::counted!(
                concat!("FROM ", $table, " WHERE ", $condition),
                $first
            )),
            $crate::platform::narrowed::counted_few!($table, $condition, $first, $second),
        ]
    };
}

/// Lists the rows of a table that a condition passes, in both directions of an order: all in either direction, then
/// among few. Arguments: the columns, the table, the condition, the order ascending and descending, and three
/// placeholders: of the limit and the offset, or of the ids, the limit and the offset.
macro_rules! listed_narrowed {
    (
        $columns:expr, $table:literal, $condition:expr, [$up:expr, $down:expr],
        $first:literal, $second:literal, $third:literal
    ) => {
        [
            $crate::platform::narrowed::listed_all!(
                $columns, $table, $condition, $up, $first, $second
            ),
            $crate::platform::narrowed::listed_all!(
                $columns, $table, $condition, $down, $first, $second
            ),
            $crate::platform::narrowed::listed_few!(
                $columns, $table, $condition, $up, $first, $second, $third
            ),
            $crate::platform::narrowed::listed_few!(
                $columns, $table, $condition, $down, $first, $second, $third
            ),
        ]
    };
}

/// As [`listed!`], with the table and the condition apart.
macro_rules! listed_all {
    ($columns:expr, $table:literal, $condition:expr, $order:expr, $limit:literal, $offset:literal) => {
        $crate::platform::dialect::sql::Spelled::same($crate::platform::listed!(
            $columns,
            concat!("FROM ", $table, " WHERE ", $condition),
            $order,
            $limit,
            $offset
        ))
    };
}

pub(crate) use {counted_few, counted_narrowed, listed_all, listed_few, listed_narrowed};

/// The statements of a list, for all its rows and for few rows by their ids, which follow the values of the filter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NarrowedList {
    count: [Sql; 2],
    list: [Sql; 2],
}

impl NarrowedList {
    /// The statements of [`counted_narrowed!`], and those of [`listed_narrowed!`] in one direction.
    pub(crate) const fn new(count: [Sql; 2], list: [Sql; 4], is_descending: bool) -> Self {
        let [up, down, few_up, few_down] = list;
        let list = if is_descending {
            [down, few_down]
        } else {
            [up, few_up]
        };
        Self { count, list }
    }
}

/// A selection of the ids of rows that can pass a filter. The last placeholder of the statement is the limit.
pub(crate) struct Selection<'v> {
    sql: Sql,
    values: Vec<Value<'v>>,
}

impl<'v> Selection<'v> {
    /// By other conditions than a text.
    pub(crate) const fn new(sql: Sql, values: Vec<Value<'v>>) -> Self {
        Self { sql, values }
    }

    /// By a text; `None` when the text is too short for the index. The statement is one of [`containing!`].
    ///
    /// [`containing!`]: super::dialect::text_search::containing
    pub(crate) fn of_text(sql: Sql, text: &str) -> Option<Self> {
        let selecting: String = folded(text).chars().take(SELECTING_CHARACTERS).collect();
        let is_indexed = selecting.chars().count() >= INDEXED_CHARACTERS;
        is_indexed.then(|| Self::new(sql, vec![Value::from(selecting)]))
    }
}

impl Conn {
    /// As [`Conn::page`]. The first selection with few rows narrows the list to them.
    pub(crate) async fn page_narrowed<T: Stored>(
        &mut self,
        of: NarrowedList,
        mut filter: Vec<Value<'_>>,
        selections: impl IntoIterator<Item = Selection<'_>>,
        page: OffsetPage,
    ) -> Result<Page<T>, StoreError> {
        let NarrowedList {
            count: [count, count_few],
            list: [list, list_few],
        } = of;
        for Selection { sql, mut values } in selections {
            values.push(Value::from(i64::try_from(FEW + 1).unwrap_or(i64::MAX)));
            let ids = self
                .fetch_all::<(String,)>(sql.planned_for_values(), values)
                .await?;
            if ids.len() <= FEW {
                filter.push(Value::rows(&ids)?);
                return self.page(count_few, list_few, filter, page).await;
            }
        }
        self.page(count, list, filter, page).await
    }
}
