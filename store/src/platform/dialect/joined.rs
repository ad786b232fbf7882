//! Several inserts as one statement, because every statement on PostgreSQL costs a round trip to the server.

/// Three inserts that run together; their placeholders share the values. SQLite has no inserts in `WITH`, but runs
/// several statements of one text.
macro_rules! joined {
    ($first:expr, $second:expr, $last:expr) => {
        $crate::platform::dialect::sql::Spelled {
            sqlite: concat!($first, "; ", $second, "; ", $last),
            postgres: concat!(
                "WITH first AS (",
                $first,
                "), second AS (",
                $second,
                ") ",
                $last
            ),
        }
    };
}

pub(crate) use joined;
