//! Statements over many rows that the program passes as one JSON array, which both databases read under different
//! names. A statement costs about as much as ten of its rows.

/// A statement over the rows in `$1`: what comes before them, and what comes after. Each row is `given.value`:
/// `given.value ->> 0` is the first field of an array as text, `given.value ->> 'at'` a field of an object.
macro_rules! over_rows {
    ($before:expr, $after:expr) => {
        $crate::platform::dialect::sql::Spelled {
            sqlite: concat!($before, " json_each($1) AS given ", $after),
            postgres: concat!(
                $before,
                " jsonb_array_elements(CAST($1 AS jsonb)) AS given(value) ",
                $after
            ),
        }
    };
}

/// The same over rows whose first field is a digest in hexadecimal: `given.digest` is its bytes.
macro_rules! over_digests {
    ($before:expr, $after:expr) => {
        $crate::platform::dialect::sql::Spelled {
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
        }
    };
}

pub(crate) use {over_digests, over_rows};
