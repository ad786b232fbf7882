//! Statements over many rows, passed as one JSON array. The databases have different functions for reading it. A
//! statement costs about as much as ten of its rows.

/// A statement over the rows in `$1`, or in another placeholder: the text before them, and the text after them. Each
/// row is `given.value`: `given.value ->> 0` is the first element of an array as text, `given.value ->> 'at'` a member
/// of an object.
macro_rules! over_rows {
    ($before:expr, $after:expr) => {
        $crate::platform::over_rows!($before, "$1", $after)
    };
    ($before:expr, $rows:literal, $after:expr) => {
        $crate::platform::dialect::sql::Spelled {
            sqlite: concat!($before, " json_each(", $rows, ") AS given ", $after),
            postgres: concat!(
                $before,
                " jsonb_array_elements(CAST(",
                $rows,
                " AS jsonb)) AS given(value) ",
                $after
            ),
        }
    };
}

/// As [`over_rows!`], for rows whose first element, or another one, is a digest in hexadecimal: `given.digest` has its
/// bytes.
macro_rules! over_digests {
    ($before:expr, $after:expr) => {
        $crate::platform::over_digests!($before, "0", $after)
    };
    ($before:expr, $element:literal, $after:expr) => {
        $crate::platform::dialect::sql::Spelled {
            sqlite: concat!(
                $before,
                " (SELECT value, unhex(value ->> ",
                $element,
                ") AS digest FROM json_each($1)) AS given ",
                $after
            ),
            postgres: concat!(
                $before,
                " (SELECT value, decode(value ->> ",
                $element,
                ", 'hex') AS digest FROM jsonb_array_elements(CAST($1 AS jsonb)) AS each(value)) AS given ",
                $after
            ),
        }
    };
}

pub(crate) use {over_digests, over_rows};
