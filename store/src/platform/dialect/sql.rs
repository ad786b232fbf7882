//! SQL statements as types. [`statements!`] declares them, and generates a test that prepares each on both databases.

use sqlx::{Database, Postgres, Sqlite};

/// A declared statement, with its text for each database. The texts are nearly always equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sql {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
    depends_on_values: bool,
}

impl Sql {
    /// The statement, planned again for the values of each execution. PostgreSQL otherwise keeps one plan for all values
    /// after a few executions, which is slow where some values select a few rows and others all.
    pub(crate) const fn planned_for_values(self) -> Self {
        Self {
            depends_on_values: true,
            ..self
        }
    }

    /// Whether a connection keeps the prepared statement.
    pub(super) const fn is_kept<D: Planner>(self) -> bool {
        !(D::KEEPS_PLAN && self.depends_on_values)
    }
}

/// A database that runs statements.
pub(super) trait Planner: Database {
    /// Whether a prepared statement keeps a plan for all values.
    const KEEPS_PLAN: bool;
}

impl Planner for Sqlite {
    // It plans without the values, and preparing again would not change the plan.
    const KEEPS_PLAN: bool = false;
}

impl Planner for Postgres {
    const KEEPS_PLAN: bool = true;
}

/// A statement with a different text for each database, before it is declared. [`over_rows!`], [`over_digests!`] and
/// [`streamed!`] return one.
///
/// [`over_digests!`]: crate::platform::over_digests
/// [`over_rows!`]: crate::platform::over_rows
/// [`streamed!`]: crate::platform::streamed
pub(crate) struct Spelled {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Spelled {
    /// One text for both databases.
    pub(crate) const fn same(text: &'static str) -> Self {
        Self {
            sqlite: text,
            postgres: text,
        }
    }

    const fn sql(&self) -> Sql {
        Sql {
            sqlite: self.sqlite,
            postgres: self.postgres,
            depends_on_values: false,
        }
    }
}

/// The wrapper through which [`statements!`] creates an [`Sql`]. Nothing else uses it, so that the test covers every
/// statement.
pub(crate) struct Declared<T>(pub(crate) T);

impl Declared<&'static str> {
    pub(crate) const fn sql(&self) -> Sql {
        Spelled::same(self.0).sql()
    }
}

impl Declared<Spelled> {
    pub(crate) const fn sql(&self) -> Sql {
        self.0.sql()
    }
}

impl<const N: usize> Declared<[&'static str; N]> {
    pub(crate) const fn sql(&self) -> [Sql; N] {
        let mut all = [Spelled::same("").sql(); N];
        let mut next = 0;
        while next < N {
            all[next] = Spelled::same(self.0[next]).sql();
            next += 1;
        }
        all
    }
}

impl<const N: usize> Declared<[Spelled; N]> {
    pub(crate) const fn sql(&self) -> [Sql; N] {
        let mut all = [Spelled::same("").sql(); N];
        let mut next = 0;
        while next < N {
            all[next] = self.0[next].sql();
            next += 1;
        }
        all
    }
}

/// Declares the statements of a file: `const FIND: Sql = "SELECT …";`, or `[Sql; 2]` from an array of texts. A file has
/// one such block, because the block contains the test that prepares them on both databases.
macro_rules! statements {
    ($($(#[$meta:meta])* $visibility:vis const $name:ident: $kind:ty = $text:expr;)+) => {
        $($(#[$meta])* $visibility const $name: $kind = $crate::platform::dialect::sql::Declared($text).sql();)+

        #[cfg(test)]
        mod statements {
            #[test]
            fn every_statement_is_prepared_on_both_databases() {
                use $crate::platform::dialect::prepare::{All as _, prepare};
                prepare(&[$((stringify!($name), super::$name.all())),+]);
            }
        }
    };
}

pub(crate) use statements;

#[cfg(test)]
mod tests {
    use domain::platform::id::UserId;

    use super::*;
    use crate::platform::Value;

    statements! {
        const COUNT: Sql = "SELECT COUNT(*) FROM (SELECT 1 FROM counter LIMIT $1) AS found";
        const LIST: Sql = "SELECT CAST('AAAAAAAAAAE' AS TEXT) FROM counter LIMIT $1 OFFSET $2";
        const KEPT: Sql = Spelled {
            sqlite: "SELECT 0 WHERE $1 <> ''",
            postgres: "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE $1",
        };
    }

    #[test]
    fn no_page_of_a_list_keeps_a_plan_for_all_values() {
        testbed::run(async {
            let database = testbed::postgres().await;
            let store = crate::Store::open(&database.url).await.unwrap();
            let mut read = store.read().await.unwrap();
            let page = domain::platform::page::OffsetPage {
                limit: 1,
                offset: 0,
            };
            let listed = read
                .page::<UserId>(COUNT, LIST, Vec::new(), page)
                .await
                .unwrap();
            assert_eq!(listed.results.len(), 1);
            let values = vec![Value::from("%FROM counter LIMIT%")];
            let kept = read.fetch_one::<(i64,)>(KEPT, values).await.unwrap();
            assert_eq!(kept, (0,));
        });
    }

    #[test]
    fn only_postgres_prepares_a_statement_again_for_other_values() {
        let kept = Spelled::same("SELECT 1").sql();
        let planned = kept.planned_for_values();
        assert!(kept.is_kept::<Postgres>() && kept.is_kept::<Sqlite>());
        assert!(!planned.is_kept::<Postgres>() && planned.is_kept::<Sqlite>());
    }
}
