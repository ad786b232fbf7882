//! The statements of a list that is filtered, ordered, paged and counted. [`Conn::page`] runs them.
//!
//! [`Conn::page`]: super::conn::Conn::page

use super::dialect::sql::Sql;

/// Counts the rows that a filter passes, up to a limit. Arguments: `FROM` with the condition, and the placeholder of
/// the limit.
macro_rules! counted {
    ($filtered:expr, $limit:literal) => {
        concat!(
            "SELECT COUNT(*) FROM (SELECT 1 ",
            $filtered,
            " LIMIT ",
            $limit,
            ") AS found"
        )
    };
}

/// Lists the rows that a filter passes, in one order. Arguments: the columns, `FROM` with the condition, the order, and
/// the placeholders of the limit and the offset.
macro_rules! listed {
    ($columns:expr, $filtered:expr, $order:expr, $limit:literal, $offset:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " ",
            $filtered,
            " ORDER BY ",
            $order,
            " LIMIT ",
            $limit,
            " OFFSET ",
            $offset
        )
    };
}

/// Lists the rows that a filter passes, in both directions of an order. Arguments: the columns, `FROM` with the
/// condition, the order ascending and descending, and the placeholders of the limit and the offset. Each order ends in
/// a unique column, so that pages are stable. Each is a separate statement, so that the database can follow an index.
macro_rules! ordered {
    ($columns:expr, $filtered:expr, [$($order:expr),+], $limit:literal, $offset:literal) => {
        [$($crate::platform::listed!($columns, $filtered, $order, $limit, $offset)),+]
    };
}

pub(crate) use {counted, listed, ordered};

/// The statement for a direction of an order.
pub(crate) const fn directed([ascending, descending]: [Sql; 2], is_descending: bool) -> Sql {
    if is_descending { descending } else { ascending }
}
