//! Files that the process may not use: the error names the path, and only the error is printed.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    process::Command,
};

use crate::support::{countersign, make_user, output, said};

/// How long a server may run that should not start.
const TIMEOUT_SECONDS: u32 = 20;

/// Runs the program without root's right to ignore permissions, and with backtraces. Returns its output.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let program = countersign(folder, arguments);
    let mut command = Command::new("timeout");
    command.arg(TIMEOUT_SECONDS.to_string());
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        let rights = "-dac_override,-dac_read_search,-fowner";
        command.args(["setpriv", "--bounding-set", rights, "--inh-caps=-all", "--"]);
    }
    command
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(folder)
        .env("RUST_BACKTRACE", "1");
    for (name, _) in program.get_envs() {
        command.env_remove(name);
    }
    let output = output(&mut command);
    assert!(!output.status.success(), "{}", said(&output));
    said(&output)
}

fn assert_names(said: &str, path: &Path) {
    assert!(
        said.contains(path.to_str().unwrap()) && said.contains("ermission denied"),
        "{} is not in: {said}",
        path.display()
    );
    assert!(
        !said.contains("backtrace") && !said.contains("anyhow"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_file_without_permission_is_named_without_a_backtrace() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let data = folder.path().join("data");
    let queue = folder.path().join("queue");
    fs::create_dir(&queue).unwrap();
    let database = format!("sqlite:{}", data.join("countersign.db").display());
    let queue_text = queue.to_str().unwrap();
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database-url",
        &database,
        "--ingest-folder",
        queue_text,
    ];
    for (path, mode) in [
        (data.join("countersign.db"), 0o400),
        (data.join("countersign.db"), 0o000),
        (data.join("master.key"), 0o000),
        (data.clone(), 0o500),
        (data.clone(), 0o000),
        (queue.clone(), 0o500),
    ] {
        let before = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let said = refused(folder.path(), &serve);
        fs::set_permissions(&path, before).unwrap();
        assert_names(&said, &path);
    }
}

#[test]
fn a_settings_file_without_permission_is_named_without_a_backtrace() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countersign.toml");
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
    let said = refused(folder.path(), &["check"]);
    assert!(
        said.contains("countersign.toml") && said.contains("ermission denied"),
        "{said}"
    );
    assert!(!said.contains("backtrace"), "{said}");
}

#[test]
fn a_mistake_of_a_user_prints_no_backtrace() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let said = refused(
        folder.path(),
        &["user", "disable", "--email", "unknown@example.com"],
    );
    assert!(
        said.starts_with("Error: there is no user unknown@example.com"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}
