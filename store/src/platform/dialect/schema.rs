//! The version of the schema of a database, compared with the migrations of this program.

use sqlx::migrate::Migrator;

use super::{
    connection::Connection,
    sql::{Spelled, Sql, statements},
    value::values,
};
use crate::platform::error::StoreError;

statements! {
    /// Whether there is a table of applied migrations.
    const HAS_MIGRATIONS: Sql = Spelled {
        sqlite: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
        postgres: "SELECT CAST(COUNT(to_regclass('_sqlx_migrations')) AS BIGINT)",
    };
    const APPLIED: Sql = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    /// Whether the server accepts writes. A standby does not.
    const ACCEPTS_WRITES: Sql = Spelled {
        sqlite: "SELECT true",
        postgres: "SELECT NOT pg_is_in_recovery()",
    };
}

/// The schema of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// No migration was applied.
    Missing,
    /// That of an earlier version.
    Earlier,
    /// That of this version.
    Current,
    /// That of a later version, with the number of a migration that this version does not have.
    Later(i64),
}

impl Schema {
    /// Reads which migrations were applied.
    pub(super) async fn of(
        connection: &mut Connection,
        migrations: &Migrator,
    ) -> Result<Self, StoreError> {
        let found = connection
            .fetch_optional::<(i64,)>(HAS_MIGRATIONS, values![])
            .await?;
        if found.is_none_or(|(tables,)| tables == 0) {
            return Ok(Self::Missing);
        }
        let applied = connection.fetch_all::<(i64,)>(APPLIED, values![]).await?;
        let applied: Vec<i64> = applied.into_iter().map(|(version,)| version).collect();
        let known: Vec<i64> = migrations.iter().map(|known| known.version).collect();
        Ok(compare(&applied, &known))
    }
}

fn compare(applied: &[i64], known: &[i64]) -> Schema {
    if applied.is_empty() {
        return Schema::Missing;
    }
    match applied.iter().find(|version| !known.contains(version)) {
        Some(later) => Schema::Later(*later),
        None if applied.len() < known.len() => Schema::Earlier,
        None => Schema::Current,
    }
}

impl Connection {
    /// Whether the database server accepts writes.
    pub(crate) async fn accepts_writes(&mut self) -> Result<bool, StoreError> {
        let found = self
            .fetch_optional::<(bool,)>(ACCEPTS_WRITES, values![])
            .await?;
        Ok(found.is_some_and(|(accepts,)| accepts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_compared_by_its_migrations() {
        for (applied, expected) in [
            (&[][..], Schema::Missing),
            (&[1], Schema::Earlier),
            (&[1, 2], Schema::Current),
            (&[1, 2, 3], Schema::Later(3)),
        ] {
            assert_eq!(compare(applied, &[1, 2]), expected, "{applied:?}");
        }
    }
}
