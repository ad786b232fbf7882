//! Statements that find rows by a text inside their columns, with an index of trigrams: a virtual table on SQLite, an
//! index on PostgreSQL.

/// The ids of at most `$2` rows of a table with the text `$1` in one of the columns, in lower case. The text has at
/// least [`INDEXED_CHARACTERS`] characters. The table has these texts in its trigram index.
///
/// [`INDEXED_CHARACTERS`]: super::text_search::INDEXED_CHARACTERS
macro_rules! containing {
    ($table:literal, $column:tt $(, $more:tt)*) => {
        $crate::platform::dialect::sql::Spelled {
            sqlite: concat!(
                "SELECT k.id FROM ", $table, "_text t JOIN text_key k ON k.number = t.rowid WHERE ", $table,
                "_text MATCH '{", $column $(, " ", $more)*, "} : \"' || replace($1, '\"', '\"\"') || '\"' LIMIT $2"
            ),
            postgres: concat!(
                "SELECT id FROM ", $table, " WHERE ",
                $crate::platform::dialect::text_search::has!($column),
                $(" OR ", $crate::platform::dialect::text_search::has!($more),)*
                " LIMIT $2"
            ),
        }
    };
}

/// Whether a column of PostgreSQL has the text `$1`. Titles of roles are searched between commas.
macro_rules! has {
    ("roles") => {
        $crate::platform::dialect::text_search::has!(@ "(',' || roles || ',')")
    };
    ($column:literal) => {
        $crate::platform::dialect::text_search::has!(@ $column)
    };
    (@ $expression:literal) => {
        concat!(
            $expression,
            " LIKE '%' || replace(replace(replace($1, '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!'"
        )
    };
}

pub(crate) use {containing, has};

/// The minimum number of characters of a text that the index finds.
pub(crate) const INDEXED_CHARACTERS: usize = 3;
