//! Backups and their restoration on the command line.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use crate::support::{Server, countersign, database_in, make_user, output, run, said};

/// A folder with a user, a backup in the file `backup`, and a second user that the backup does not have.
fn backed_up() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let made = run(folder.path(), &["backup", "backup"], "");
    assert!(made.status.success(), "{}", said(&made));
    make_user(folder.path(), "grace@example.com", "admin");
    folder
}

fn restore(folder: &Path) -> Output {
    run(folder, &["restore", "backup"], "")
}

fn users(folder: &Path) -> String {
    let listed = run(folder, &["user", "list"], "");
    assert!(listed.status.success(), "{}", said(&listed));
    said(&listed)
}

/// The id that the database has of its key.
fn key_id(folder: &Path) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    testbed::run(async {
        let database = database_in(folder);
        let mut ids = database.texts("SELECT key_id FROM master_key").await;
        sender.send(ids.remove(0)).unwrap();
    });
    receiver.recv().unwrap()
}

/// The files of the data folder, apart from the database and the key.
fn others(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("data")).unwrap();
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    let own = [
        "countersign.db",
        "countersign.db-wal",
        "countersign.db-shm",
        "master.key",
        "ingest",
    ];
    found.retain(|path| !own.iter().any(|own| path.ends_with(own)));
    found
}

#[test]
fn a_backup_of_a_running_server_is_restored_and_the_replaced_database_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let server = Server::start(folder.path(), "serve");
    let made = run(folder.path(), &["backup", "backup"], "");
    assert!(made.status.success(), "{}", said(&made));
    let key = key_id(folder.path());
    assert!(
        said(&made).contains("checkpoint 1.") && said(&made).contains(&key),
        "{}",
        said(&made)
    );
    make_user(folder.path(), "grace@example.com", "admin");
    let again = run(folder.path(), &["backup", "backup"], "");
    assert!(!again.status.success() && said(&again).contains("there is a file backup already"));
    let running = restore(folder.path());
    assert!(
        !running.status.success() && said(&running).contains("stop the server first"),
        "{}",
        said(&running)
    );
    assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
    assert!(server.stop().success());

    let backup = fs::read(folder.path().join("backup")).unwrap();
    let restored = restore(folder.path());
    assert!(restored.status.success(), "{}", said(&restored));
    assert_eq!(fs::read(folder.path().join("backup")).unwrap(), backup);
    let listed = users(folder.path());
    assert!(
        listed.contains("ada@") && !listed.contains("grace@"),
        "{listed}"
    );
    let kept = others(folder.path());
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(said(&restored).contains(kept[0].file_name().unwrap().to_str().unwrap()));
    let url = format!("sqlite:{}", kept[0].display());
    let listed = run(folder.path(), &["user", "list", "--database-url", &url], "");
    assert!(said(&listed).contains("grace@"), "{}", said(&listed));
    let verified = run(folder.path(), &["audit", "verify"], "");
    assert!(verified.status.success(), "{}", said(&verified));
    let server = Server::start(folder.path(), "serve");
    assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
    assert!(server.stop().success());
}

#[test]
fn a_backup_is_restored_where_the_database_was_lost() {
    let folder = backed_up();
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(folder.path().join(format!("data/countersign.db{end}")));
    }
    let restored = restore(folder.path());
    assert!(restored.status.success(), "{}", said(&restored));
    assert!(users(folder.path()).contains("ada@"));
    assert!(others(folder.path()).is_empty());
}

/// Changes files of a folder.
type Change<'c> = &'c dyn Fn(&Path);

#[test]
fn a_backup_that_is_not_sound_replaces_nothing() {
    let key = |folder: &Path| folder.join("data/master.key");
    let tamper = |folder: &Path, statement: &str| {
        let backup = testbed::Database {
            url: format!("sqlite:{}", folder.join("backup").display()),
            folder: tempfile::tempdir().unwrap(),
        };
        testbed::run(backup.tamper(statement));
    };
    let cases: [(&str, Change<'_>, Change<'_>); 7] = [
        (
            "but the database was encrypted under the key",
            &|folder| {
                fs::copy(key(folder), folder.join("right")).unwrap();
                fs::write(key(folder), [7; 32]).unwrap();
            },
            &|folder| fs::rename(folder.join("right"), key(folder)).unwrap(),
        ),
        (
            "restore the file from its backup",
            &|folder| fs::rename(key(folder), folder.join("right")).unwrap(),
            &|folder| fs::rename(folder.join("right"), key(folder)).unwrap(),
        ),
        (
            "the audit log of the file was changed: 1 findings; the first: Event 1 was changed.",
            &|folder| {
                tamper(
                    folder,
                    "UPDATE audit_event SET actor_name = 'Eve' WHERE number = 1",
                )
            },
            &|_| {},
        ),
        (
            "missing in the resolved migrations",
            &|folder| {
                tamper(
                    folder,
                    "UPDATE _sqlx_migrations SET version = 9000 WHERE version = 1",
                )
            },
            &|_| {},
        ),
        (
            "has no organization",
            &|folder| fs::write(folder.join("backup"), "").unwrap(),
            &|_| {},
        ),
        (
            "nothing was restored",
            &|folder| {
                fs::write(folder.join("backup"), "this is no database".repeat(1_000)).unwrap()
            },
            &|_| {},
        ),
        (
            "backup cannot be used",
            &|folder| fs::remove_file(folder.join("backup")).unwrap(),
            &|_| {},
        ),
    ];
    for (problem, spoil, repair) in cases {
        let folder = backed_up();
        spoil(folder.path());
        let failed = restore(folder.path());
        assert!(!failed.status.success(), "{problem}");
        assert!(
            said(&failed).contains(problem),
            "{problem}: {}",
            said(&failed)
        );
        repair(folder.path());
        assert!(users(folder.path()).contains("grace@"), "{problem}");
        assert!(
            others(folder.path()).is_empty(),
            "{problem}: {:?}",
            others(folder.path())
        );
    }
}

#[test]
fn the_program_explains_how_postgresql_is_backed_up() {
    testbed::run(async {
        let database = testbed::postgres().await;
        for (command, explained) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
            let mut refused = countersign(database.folder.path(), &[command, "backup"]);
            refused.env("COUNTERSIGN_DATABASE_URL", &database.url);
            let refused = output(&mut refused);
            assert!(
                !refused.status.success() && said(&refused).contains(explained),
                "{}",
                said(&refused)
            );
        }
    });
}
