//! The commands that read: they create, migrate, sign and change nothing, and say what they could not check.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    process::Command,
    time::SystemTime,
};

use testbed::on_both;

use crate::{
    ledger::write_settings,
    support::{Server, countersign, make_user, output, run, said},
};

/// The commands that only read.
const COMMANDS: [&[&str]; 6] = [
    &["check"],
    &["audit", "verify"],
    &["audit", "export"],
    &["audit", "key"],
    &["user", "list"],
    &["token", "list"],
];

/// The paths below a folder, with their contents and times.
fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let changed = entry.metadata().unwrap().modified().unwrap();
            found.insert(
                path.display().to_string(),
                (fs::read(&path).unwrap(), changed),
            );
        }
    }
    found
}

#[test]
fn a_mistyped_path_is_an_error_and_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let before = files(folder.path());
    let changing: [&[&str]; 3] = [
        &["token", "revoke", "--email", "ada@example.com"],
        &["user", "disable", "--email", "ada@example.com"],
        &["check", "--confirm"],
    ];
    for command in COMMANDS.iter().chain(&changing) {
        let mistyped = ["--database-url", "sqlite:dta/countersign.db"];
        let failed = run(folder.path(), &[command, mistyped.as_slice()].concat(), "");
        let said = said(&failed);
        assert!(!failed.status.success(), "{command:?}: {said}");
        assert!(
            said.contains("there is no database at dta/countersign.db"),
            "{command:?}: {said}"
        );
        assert_eq!(files(folder.path()), before, "{command:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn reading_changes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let before = files(folder.path());
    for command in COMMANDS {
        let done = run(folder.path(), command, "");
        assert!(done.status.success(), "{command:?}: {}", said(&done));
        assert_eq!(files(folder.path()), before, "{command:?}");
    }
}

/// Runs the program without root's right to ignore permissions.
fn without_rights(folder: &Path, command: &[&str]) -> std::process::Output {
    let program = countersign(folder, command);
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return output(&mut { program });
    }
    let mut limited = Command::new("setpriv");
    limited
        .args(["--bounding-set", "-dac_override,-dac_read_search,-fowner"])
        .args(["--inh-caps=-all", "--"])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(folder);
    output(&mut limited)
}

#[test]
fn a_read_only_copy_is_read() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let data = folder.path().join("data");
    for name in ["countersign.db", "master.key"] {
        fs::set_permissions(data.join(name), Permissions::from_mode(0o400)).unwrap();
    }
    fs::set_permissions(&data, Permissions::from_mode(0o500)).unwrap();
    let results = COMMANDS.map(|command| (command, without_rights(folder.path(), command)));
    fs::set_permissions(&data, Permissions::from_mode(0o700)).unwrap();
    for (command, done) in results {
        let said = said(&done);
        if command[0] == "check" {
            // A server could not use it.
            assert!(!done.status.success(), "{said}");
            assert!(
                said.contains("Database: SQLite, reachable.")
                    && said.contains("a server could not write to the database: data"),
                "{said}"
            );
        } else {
            assert!(done.status.success(), "{command:?}: {said}");
        }
    }
}

on_both! {
    async fn a_database_of_an_earlier_version_is_not_migrated_by_a_command(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        make_user(folder, "ada@example.com", "admin");
        let applied = "SELECT CAST(version AS TEXT) FROM _sqlx_migrations ORDER BY version";
        let versions = database.texts(applied).await;
        // Migration 30 adds this column.
        database.tamper("DELETE FROM _sqlx_migrations WHERE version = 30").await;
        database.tamper("ALTER TABLE master_key DROP COLUMN check_value").await;
        let create = ["user", "create", "--email", "g@example.com", "--name", "G", "--role", "power"];
        for command in COMMANDS.iter().chain(&[create.as_slice()]) {
            let failed = run(folder, command, "granite lanterns over quiet water");
            let said = said(&failed);
            assert!(!failed.status.success() && said.contains("countersign migrate"), "{command:?}: {said}");
        }
        assert_eq!(database.texts(applied).await.len() + 1, versions.len());
        let migrated = run(folder, &["migrate"], "");
        assert!(migrated.status.success(), "{}", said(&migrated));
        assert_eq!(database.texts(applied).await, versions);
        assert!(run(folder, &["user", "list"], "").status.success());
    }

    async fn rows_that_were_forged_since_the_last_checkpoint_are_not_signed_by_verifying(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        make_user(folder, "ada@example.com", "admin");
        let checkpoints = "SELECT CAST(COUNT(*) AS TEXT) FROM seal";
        let before = database.texts(checkpoints).await;
        let columns = database.texts(&column_names(&database.url)).await.join(", ");
        let forged = columns.replace("number", "number + 1").replace("actor_name", "'Eve'");
        database.tamper(&format!(
            "INSERT INTO audit_event ({columns}) SELECT {forged} FROM audit_event ORDER BY number DESC LIMIT 1"
        )).await;
        database.tamper("UPDATE counter SET value = value + 1 WHERE name = 'audit_event'").await;
        for _ in 0..2 {
            let verified = run(folder, &["audit", "verify"], "");
            let said = said(&verified);
            assert!(!verified.status.success(), "{said}");
            assert!(said.contains("was inserted or changed before its checkpoint."), "{said}");
            assert!(said.contains("Without a checkpoint yet: 1 event, 0 call blocks."), "{said}");
            assert!(said.contains("Not checked: no copy of the checkpoints was given (--against FILE)"), "{said}");
        }
        assert_eq!(database.texts(checkpoints).await, before);
    }

    async fn an_empty_log_is_not_verified(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        assert!(run(folder, &["migrate"], "").status.success());
        let empty = run(folder, &["audit", "verify"], "");
        assert!(!empty.status.success() && said(&empty).contains("nothing to verify"), "{}", said(&empty));
        make_user(folder, "ada@example.com", "admin");
        for table in ["audit_event", "seal", "tree_checkpoint", "tree_hash", "log_key"] {
            database.tamper(&format!("DELETE FROM {table}")).await;
        }
        database.tamper("UPDATE counter SET value = 0 WHERE name = 'audit_event'").await;
        let emptied = run(folder, &["audit", "verify"], "");
        let said = said(&emptied);
        assert!(!emptied.status.success() && said.contains("the audit log is empty"), "{said}");
    }

    async fn a_running_server_is_read_without_an_event(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        make_user(folder, "ada@example.com", "admin");
        let server = Server::start(folder, "serve");
        let events = "SELECT CAST(COUNT(*) AS TEXT) FROM audit_event";
        let before = database.texts(events).await;
        for command in COMMANDS {
            let done = run(folder, command, "");
            assert!(done.status.success(), "{command:?}: {}", said(&done));
        }
        assert_eq!(database.texts(events).await, before);
        assert!(server.stop().success());
    }
}

/// A query for the names of the columns of audit events.
fn column_names(url: &str) -> String {
    if url.starts_with("sqlite:") {
        "SELECT name FROM pragma_table_info('audit_event')".to_owned()
    } else {
        "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'audit_event'"
            .to_owned()
    }
}

#[test]
fn a_database_whose_server_was_killed_is_read_with_its_last_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), "serve");
    make_user(folder.path(), "ada@example.com", "admin");
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join("data")).unwrap();
    // Without the index of the log, as a backup program leaves it out.
    for name in ["countersign.db", "countersign.db-wal", "master.key"] {
        let name = Path::new("data").join(name);
        fs::copy(folder.path().join(&name), copy.path().join(&name)).unwrap();
    }
    let before = files(copy.path());
    for place in [folder.path(), copy.path()] {
        let listed = run(place, &["user", "list"], "");
        assert!(
            said(&listed).contains("ada@example.com"),
            "{}",
            said(&listed)
        );
    }
    assert_eq!(files(copy.path()), before);
}
