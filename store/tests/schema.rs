//! The two schemas say the same: same tables, same columns of the same type, same indexes. Only the trigrams of searched
//! texts are in virtual tables on SQLite and in indexes on PostgreSQL.

use sqlx::{Connection, PgConnection, SqliteConnection};
use store::{CheckedTable, Store, UNCOMPARED};

/// Table, column, type, whether it may be empty.
type Column = (String, String, String, bool);

const SQLITE_COLUMNS: &str = "SELECT t.name, c.name, lower(c.type), c.\"notnull\" = 0 \
    FROM sqlite_master t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_sqlx%' \
    AND t.name <> 'text_key' AND NOT EXISTS (SELECT 1 FROM sqlite_master v WHERE v.sql LIKE 'CREATE VIRTUAL TABLE%' \
        AND (t.name = v.name OR t.name LIKE v.name || '\\_%' ESCAPE '\\')) ORDER BY 1, 2";
const SQLITE_TRIGRAMS: &str = "SELECT replace(name, '_text', '') FROM sqlite_master \
    WHERE sql LIKE 'CREATE VIRTUAL TABLE%trigram%' ORDER BY name";
const POSTGRES_TRIGRAMS: &str = "SELECT tablename::text FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%' \
    ORDER BY tablename COLLATE \"C\"";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES' \
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' \
    ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\"";
const SQLITE_INDEXES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
const POSTGRES_INDEXES: &str = "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' \
    AND tablename NOT LIKE '\\_sqlx%' AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key' \
    AND indexdef NOT LIKE '%gin_trgm_ops%' \
    ORDER BY indexname COLLATE \"C\"";

/// A type of PostgreSQL as SQLite's migrations spell it.
fn shared_name(postgres: &str) -> String {
    match postgres {
        "bytea" => "blob".to_owned(),
        other => other.to_owned(),
    }
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    testbed::run(async {
        let (sqlite, postgres) = (testbed::sqlite(), testbed::postgres().await);
        Store::open(&sqlite.url).await.unwrap().close().await;
        Store::open(&postgres.url).await.unwrap().close().await;
        let mut sqlite = SqliteConnection::connect(&sqlite.url).await.unwrap();
        let mut postgres = PgConnection::connect(&postgres.url).await.unwrap();

        let here: Vec<Column> = sqlx::query_as(SQLITE_COLUMNS)
            .fetch_all(&mut sqlite)
            .await
            .unwrap();
        let there: Vec<Column> = sqlx::query_as(POSTGRES_COLUMNS)
            .fetch_all(&mut postgres)
            .await
            .unwrap();
        let there: Vec<Column> = there
            .into_iter()
            .map(|(table, column, kind, empty)| (table, column, shared_name(&kind), empty))
            .collect();
        assert!(
            here.iter().any(|(table, ..)| table == "audit_event"),
            "{here:?}"
        );
        assert_eq!(here, there);

        let here: Vec<String> = sqlx::query_scalar(SQLITE_TRIGRAMS)
            .fetch_all(&mut sqlite)
            .await
            .unwrap();
        let there: Vec<String> = sqlx::query_scalar(POSTGRES_TRIGRAMS)
            .fetch_all(&mut postgres)
            .await
            .unwrap();
        assert_eq!(here, ["invitation", "member", "org_token"]);
        assert_eq!(here, there);

        let here: Vec<String> = sqlx::query_scalar(SQLITE_INDEXES)
            .fetch_all(&mut sqlite)
            .await
            .unwrap();
        let there: Vec<String> = sqlx::query_scalar(POSTGRES_INDEXES)
            .fetch_all(&mut postgres)
            .await
            .unwrap();
        assert!(
            here.contains(&"audit_event_by_object".to_owned()),
            "{here:?}"
        );
        assert_eq!(here, there);
    });
}

/// A column that decides something must not be forgotten: each is compared with the audit log, or there is a reason why
/// not.
#[test]
fn each_column_of_a_compared_table_is_compared_or_has_a_reason() {
    testbed::run(async {
        let sqlite = testbed::sqlite();
        Store::open(&sqlite.url).await.unwrap().close().await;
        let mut sqlite = SqliteConnection::connect(&sqlite.url).await.unwrap();
        let columns: Vec<Column> = sqlx::query_as(SQLITE_COLUMNS)
            .fetch_all(&mut sqlite)
            .await
            .unwrap();
        for table in CheckedTable::ALL {
            let mut expected: Vec<&str> = columns
                .iter()
                .filter(|(of, ..)| of == table.label())
                .map(|(_, column, ..)| column.as_str())
                .filter(|column| *column != "id")
                .collect();
            let exempt = UNCOMPARED.iter().filter(|(of, ..)| *of == table.label());
            let mut listed: Vec<&str> = table
                .columns()
                .filter(|column| *column != "acl_entry")
                .chain(exempt.map(|(_, column, _)| *column))
                .collect();
            expected.sort_unstable();
            listed.sort_unstable();
            assert_eq!(listed, expected, "{}", table.label());
        }
    });
}

#[test]
fn migrations_have_the_same_numbers_and_names() {
    let names = |folder: &str| {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let root = env!("CARGO_MANIFEST_DIR");
    let sqlite = names(&format!("{root}/migrations/sqlite"));
    assert_eq!(sqlite, names(&format!("{root}/migrations/postgres")));
    assert!(!sqlite.is_empty());
}

#[cfg(unix)]
#[test]
fn a_new_sqlite_file_is_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    testbed::run(async {
        let database = testbed::sqlite();
        let store = Store::open(&database.url).await.unwrap();
        for file in std::fs::read_dir(database.folder.path()).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.path().display());
        }
        store.close().await;
    });
}
