//! SQL statements as types. [`statements!`] declares them, and generates a test that prepares each on both databases.

/// A declared statement, with its text for each database. The texts are nearly always equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sql {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
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
