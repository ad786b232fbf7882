//! The master key of the program: in a file, or in the environment.

use std::{
    fs::{self, Permissions},
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Command,
};

use crate::support::{Server, countersign, database_in, make_user, output, run, said};

fn key_file(folder: &Path) -> std::path::PathBuf {
    folder.join("data/master.key")
}

/// The key of a folder in hexadecimal digits, after its file was removed.
fn taken_key(folder: &Path) -> String {
    let key = fs::read(key_file(folder)).unwrap();
    fs::remove_file(key_file(folder)).unwrap();
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A command with the master key in its environment.
fn with_key(folder: &Path, arguments: &[&str], key: &str) -> Command {
    let mut command = countersign(folder, arguments);
    command.env("COUNTERSIGN_MASTER_KEY", key);
    command
}

#[test]
fn a_key_in_the_environment_is_used_and_not_shown_to_other_processes() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let key = taken_key(folder.path());
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let server = Server::started(with_key(folder.path(), &serve, &key));
    assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
    let environment = fs::read(format!("/proc/{}/environ", server.child.id())).unwrap();
    let environment = String::from_utf8_lossy(&environment).into_owned();
    assert!(!environment.contains(&key), "{environment}");
    assert!(!environment.contains("COUNTERSIGN_MASTER_KEY="));
    let listed = output(&mut with_key(folder.path(), &["user", "list"], &key));
    assert!(
        said(&listed).contains("ada@example.com"),
        "{}",
        said(&listed)
    );
    assert!(server.stop().success());
    assert!(!key_file(folder.path()).exists());
}

#[test]
fn a_wrong_key_in_the_environment_is_an_error_that_does_not_repeat_it() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let other = "07".repeat(32);
    for (key, arguments, problem) in [
        (
            "hunter2",
            &["check"][..],
            "neither 64 hexadecimal digits nor 32 bytes in base64",
        ),
        (
            &*other,
            &["check"],
            "but the database was encrypted under the key",
        ),
        (
            &*other,
            &["check", "--master-key-file", "data/master.key"],
            "master_key_file: ",
        ),
        (
            &*other.repeat(100),
            &["check"],
            "COUNTERSIGN_MASTER_KEY cannot be used",
        ),
    ] {
        let failed = output(&mut with_key(folder.path(), arguments, key));
        let said = said(&failed);
        assert!(!failed.status.success() && said.contains(problem), "{said}");
        assert!(!said.contains(key), "{said}");
    }
}

#[test]
fn a_key_that_its_group_may_read_is_used() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    for (mode, works) in [(0o440, true), (0o640, true), (0o644, false), (0o660, false)] {
        fs::set_permissions(key_file(folder.path()), Permissions::from_mode(mode)).unwrap();
        let checked = run(folder.path(), &["check"], "");
        assert_eq!(
            checked.status.success(),
            works,
            "{mode:o}: {}",
            said(&checked)
        );
    }
}

#[test]
fn a_check_fails_without_the_key_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let _ = taken_key(folder.path());
    for command in [
        &["check"][..],
        &["serve", "--listen", "127.0.0.1:0"],
        &["user", "list"],
    ] {
        let failed = run(folder.path(), command, "");
        let said = said(&failed);
        assert!(
            !failed.status.success() && said.contains("restore the file from its backup"),
            "{said}"
        );
        assert!(!key_file(folder.path()).exists());
    }
}

#[test]
fn a_rotation_that_was_interrupted_is_named_and_continues_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let server = Server::start(folder.path(), "serve");
    let before = fs::read(key_file(folder.path())).unwrap();
    let mut rotating = countersign(folder.path(), &["key", "rotate"]);
    let mut rotating = rotating.spawn().unwrap();
    let out = BufReader::new(rotating.stdout.take().unwrap());
    let mut lines = out.lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "Both keys are accepted."));
    rotating.kill().unwrap();
    rotating.wait().unwrap();

    let checked = run(folder.path(), &["check"], "");
    let named = "A rotation of the master key is in progress";
    assert!(
        checked.status.success() && said(&checked).contains(named),
        "{}",
        said(&checked)
    );
    let database = database_in(folder.path());
    testbed::run(database.tamper("UPDATE key_rotation SET started_at = 0"));
    let checked = run(folder.path(), &["check"], "");
    assert!(
        !checked.status.success() && said(&checked).contains("`countersign key rotate`"),
        "{}",
        said(&checked)
    );
    let status = run(folder.path(), &["key", "status"], "");
    assert!(
        said(&status).contains("stage announced"),
        "{}",
        said(&status)
    );

    let rotated = run(folder.path(), &["key", "rotate"], "");
    assert!(
        rotated.status.success() && said(&rotated).contains("is no longer accepted"),
        "{}",
        said(&rotated)
    );
    let old = key_file(folder.path()).with_extension("key.old");
    assert_eq!(fs::read(old).unwrap(), before);
    assert_ne!(fs::read(key_file(folder.path())).unwrap(), before);
    let status = run(folder.path(), &["key", "status"], "");
    assert!(
        said(&status).contains("No rotation is in progress."),
        "{}",
        said(&status)
    );
    assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
    make_user(folder.path(), "grace@example.com", "admin");
    assert!(server.stop().success());
    let verified = run(folder.path(), &["audit", "verify"], "");
    assert!(verified.status.success(), "{}", said(&verified));
}
