//! What opening a database with less than all access changes: nothing that it does not state.

#![expect(
    clippy::unwrap_used,
    reason = "a failed test panics at the line that failed"
)]

use std::{collections::BTreeMap, fs, path::Path, time::SystemTime};

use store::{Access, Store, StoreError};
use testbed::on_both;

/// The names, contents and times of the files in a folder.
fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let changed = entry.metadata().unwrap().modified().unwrap();
            let content = fs::read(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), (content, changed))
        })
        .collect()
}

async fn error(url: &str, access: Access) -> StoreError {
    Store::open_with(url, access).await.map(drop).unwrap_err()
}

on_both! {
    async fn a_missing_database_is_created_by_a_server_and_the_set_up_only(database: Database) {
        for access in [Access::Read, Access::Change] {
            let error = error(&database.url, access).await;
            assert!(matches!(error, StoreError::Missing(_)), "{error:?}");
            assert_eq!(files(database.folder.path()), BTreeMap::new());
        }
        let created = Store::open_with(&database.url, Access::SetUp).await.unwrap();
        created.close().await;
        Store::open_with(&database.url, Access::Read).await.unwrap().close().await;
    }

    async fn a_database_of_another_version_is_only_opened_by_what_migrates_it(database: Database) {
        Store::open(&database.url).await.unwrap().close().await;
        database.tamper("UPDATE _sqlx_migrations SET version = 9000 WHERE version = 29").await;
        for access in [Access::Read, Access::Change, Access::SetUp] {
            let error = error(&database.url, access).await;
            assert!(matches!(error, StoreError::TooNew(9000)), "{error:?}");
        }
        database.tamper("DELETE FROM _sqlx_migrations WHERE version = 9000").await;
        for access in [Access::Read, Access::Change, Access::SetUp] {
            let error = error(&database.url, access).await;
            assert!(matches!(error, StoreError::Outdated), "{error:?}");
        }
    }

    async fn a_database_that_is_read_accepts_no_changes(database: Database) {
        let server = Store::open(&database.url).await.unwrap();
        let reader = Store::open_with(&database.url, Access::Read).await.unwrap();
        assert!(reader.read().await.unwrap().newest_event_number().await.is_ok());
        assert!(matches!(reader.housekeep().await, Err(StoreError::ReadOnly)));
        assert!(reader.write().await.is_err());
        reader.close().await;
        server.close().await;
    }
}

/// Changes a row.
async fn change(store: &Store) {
    let mut housekeeping = store.housekeep().await.unwrap();
    housekeeping
        .note_master_key("0123", b"check")
        .await
        .unwrap();
    housekeeping.finish().await.unwrap();
}

#[test]
fn reading_a_file_at_rest_leaves_its_folder_as_it_is() {
    testbed::run(async {
        let database = testbed::sqlite();
        Store::open(&database.url).await.unwrap().close().await;
        let before = files(database.folder.path());
        let reader = Store::open_with(&database.url, Access::Read).await.unwrap();
        reader
            .read()
            .await
            .unwrap()
            .newest_event_number()
            .await
            .unwrap();
        assert_eq!(files(database.folder.path()), before);
        reader.close().await;
        assert_eq!(files(database.folder.path()), before);
    });
}

#[test]
fn a_copy_of_a_file_and_its_log_is_read_whole_and_stays_as_it_is() {
    testbed::run(async {
        let database = testbed::sqlite();
        let server = Store::open(&database.url).await.unwrap();
        change(&server).await;
        let copies = tempfile::tempdir().unwrap();
        for name in ["countersign.db", "countersign.db-wal"] {
            fs::copy(database.folder.path().join(name), copies.path().join(name)).unwrap();
        }
        server.close().await;
        let before = files(copies.path());
        assert_eq!(before.len(), 2);
        let url = format!("sqlite:{}", copies.path().join("countersign.db").display());
        let reader = Store::open_with(&url, Access::Read).await.unwrap();
        let known = reader
            .read()
            .await
            .unwrap()
            .list_master_keys()
            .await
            .unwrap();
        assert_eq!(known.keys[0].id, "0123");
        reader.close().await;
        assert_eq!(files(copies.path()), before);
    });
}

#[test]
fn a_file_that_is_changed_while_it_is_read_is_noticed() {
    testbed::run(async {
        let database = testbed::sqlite();
        Store::open(&database.url).await.unwrap().close().await;
        let reader = Store::open_with(&database.url, Access::Read).await.unwrap();
        let server = Store::open(&database.url).await.unwrap();
        reader.check_unchanged().unwrap();
        change(&server).await;
        server.close().await;
        assert!(matches!(reader.check_unchanged(), Err(StoreError::Changed)));
        reader.close().await;
    });
}
