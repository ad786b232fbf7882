//! `countersign migrate --to`: moving a SQLite database to PostgreSQL.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testbed::Database;

use crate::{
    callers::Dice,
    ledger::write_settings,
    support::{Server, countersign, database_in, make_user, output, run, said},
};

/// A week of sample data in a file that its server left when it was killed.
struct Week {
    folder: tempfile::TempDir,
    /// The folder of the file and its master key.
    data: PathBuf,
    password: String,
    org_token: String,
}

impl Week {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = countersign(folder.path(), &["demo", "--listen", "127.0.0.1:0"]);
        command.env("TMPDIR", folder.path());
        command.stderr(std::process::Stdio::null());
        let mut server = Server::started(command);
        let after = |line: &str| line.rsplit(": ").next().unwrap().to_owned();
        let password = after(&server.line());
        for _ in 0..3 {
            server.line();
        }
        let org_token = after(&server.line());
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        let found = fs::read_dir(folder.path()).unwrap();
        let data = found
            .map(|entry| entry.unwrap().path())
            .find(|path| path.join("countersign.db").exists());
        Self {
            data: data.unwrap(),
            folder,
            password,
            org_token,
        }
    }

    fn file(&self) -> Database {
        Database {
            url: format!("sqlite:{}", self.data.join("countersign.db").display()),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = countersign(self.folder.path(), arguments);
        command.env("COUNTERSIGN_DATABASE_URL", self.file().url);
        command
    }

    fn move_to(&self, to: &Database) -> Output {
        output(
            self.command(&["migrate"])
                .env("COUNTERSIGN_MIGRATE_TO", &to.url),
        )
    }

    /// Writes settings for the destination, with the master key of the file.
    fn use_destination(&self, to: &Database) {
        write_settings(to);
        let file = to.folder.path().join("countersign.toml");
        let settings = fs::read_to_string(&file).unwrap();
        let key = self.data.join("master.key");
        fs::write(
            file,
            format!("{settings}master_key_file = \"{}\"\n", key.display()),
        )
        .unwrap();
    }

    fn read(&self, arguments: &[&str]) -> String {
        let done = output(&mut self.command(arguments));
        assert!(done.status.success(), "{}", said(&done));
        said(&done)
    }
}

fn read(folder: &Path, arguments: &[&str]) -> String {
    let done = run(folder, arguments, "");
    assert!(done.status.success(), "{}", said(&done));
    said(&done)
}

/// A file that is moved in these tests, with one user.
fn small() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    folder
}

fn refused(folder: &Path, to: &str, why: &str) {
    let ended = run(folder, &["migrate", "--to", to], "");
    let said = said(&ended);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(
        said.contains("nothing was moved") && said.contains(why),
        "{said}"
    );
    assert!(!said.contains("pa55word"), "{said}");
}

#[test]
fn a_moved_database_serves_as_before() {
    let week = Week::new();
    testbed::run(async {
        let to = testbed::postgres().await;
        let moved = week.move_to(&to);
        assert!(moved.status.success(), "{}", said(&moved));
        let report = said(&moved);
        assert!(
            report.contains("as many rows as before")
                && report.contains("unchanged since its checkpoints"),
            "{report}"
        );
        week.use_destination(&to);
        let there = to.folder.path();
        for what in ["events", "calls"] {
            let export = ["audit", "export", "--what", what];
            assert!(
                week.read(&export) == read(there, &export),
                "the exports of {what} differ"
            );
        }
        for command in [&["user", "list"], &["token", "list"]] {
            assert_eq!(week.read(command), read(there, command));
        }
        let bytes = [
            ("digest", "token"),
            ("sealed", "org_token_secret"),
            ("mac", "audit_event"),
            ("mac", "call_block"),
            ("leaves", "seal"),
            ("check_value", "master_key"),
        ];
        for (column, table) in bytes {
            let here = week
                .file()
                .texts(&format!(
                    "SELECT lower(hex({column})) FROM {table} ORDER BY 1"
                ))
                .await;
            let there = to
                .texts(&format!(
                    "SELECT encode({column}, 'hex') FROM {table} ORDER BY 1"
                ))
                .await;
            assert!(!here.is_empty() && here == there, "{table}.{column}");
        }
        let deferrable = to
            .texts("SELECT conname::text FROM pg_constraint WHERE condeferrable")
            .await;
        assert_eq!(deferrable, [""; 0], "the schema is that of a migration");
        let server = Server::start(there, "serve");
        let get = |path: &str| {
            server.ask(
                &format!("GET {path} HTTP/1.1\r\nX-SF-TOKEN: {}", week.org_token),
                "",
            )
        };
        let (status, found) = get("/v2/dashboard");
        assert_eq!(status, 200, "{found}");
        let found: Value = serde_json::from_str(&found).unwrap();
        let id = found["results"][0]["id"].as_str().unwrap();
        assert_eq!(get(&format!("/v2/audit/info/dashboard/{id}")).0, 200);
        let body = json!({"email": "ada@example.com", "password": week.password}).to_string();
        let (status, session) = server.ask(
            "POST /v2/session HTTP/1.1\r\nContent-Type: application/json",
            &body,
        );
        assert_eq!(status, 200, "{session}");
        assert!(server.stop().success());
        read(there, &["audit", "verify"]);
        let again = week.move_to(&to);
        assert!(
            said(&again).contains("the destination has data already"),
            "{}",
            said(&again)
        );
        assert_eq!(again.status.code(), Some(1));
        read(there, &["audit", "verify"]);
    });
}

#[test]
fn a_move_that_cannot_be_made_says_why() {
    let folder = small();
    let path = folder.path();
    testbed::run(async {
        let to = testbed::postgres().await;
        refused(
            path,
            "mysql://localhost/x",
            "its URL starts with postgres://",
        );
        refused(path, "sqlite:other.db", "its URL starts with postgres://");
        refused(
            path,
            "postgres://u:pa55word@127.0.0.1:1/x",
            "the database cannot be reached",
        );
        refused(
            path,
            "postgres://u:pa55word@127.0.0.1:port/x",
            "cannot be read",
        );
        let server = Server::start(path, "serve");
        refused(path, &to.url, "stop the server first");
        assert!(server.stop().success());
        let foreign = testbed::postgres().await;
        foreign.tamper("CREATE TABLE wine (year INTEGER)").await;
        refused(path, &foreign.url, "a table of another program, wine");
        let nothing = tempfile::tempdir().unwrap();
        refused(nothing.path(), &to.url, "there is no database");
        database_in(path).tamper("DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)").await;
        refused(path, &to.url, "the schema of an earlier version");
        assert_eq!(
            to.texts("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                .await,
            [""; 0]
        );
    });
}

/// The number of kills: more in `cargo xtask drill migrate`.
fn kills() -> u64 {
    std::env::var("COUNTERSIGN_TEST_MOVE_KILLS").map_or(4, |number| number.parse().unwrap())
}

#[test]
fn a_move_that_is_killed_leaves_the_destination_empty_or_complete() {
    let week = Week::new();
    let before = fs::read(week.data.join("countersign.db")).unwrap();
    testbed::run(async {
        let to = testbed::postgres().await;
        let began = Instant::now();
        let moved = week.move_to(&to);
        assert!(moved.status.success(), "{}", said(&moved));
        let longest = u64::try_from(began.elapsed().as_millis()).unwrap();
        let events = to.texts("SELECT COUNT(*)::text FROM audit_event").await;
        let (mut complete, mut empty) = (0, 0);
        for kill in 0..kills() {
            let to = testbed::postgres().await;
            let mut command = week.command(&["migrate"]);
            let mut moving = command
                .env("COUNTERSIGN_MIGRATE_TO", &to.url)
                .spawn()
                .unwrap();
            // A random delay makes the kill hit the move in the middle of work.
            thread::sleep(Duration::from_millis(Dice(kill).roll(longest)));
            moving.kill().unwrap();
            moving.wait().unwrap();
            let again = week.move_to(&to);
            if again.status.success() {
                empty += 1;
            } else {
                assert!(
                    said(&again).contains("the destination has data already"),
                    "{}",
                    said(&again)
                );
                complete += 1;
            }
            assert_eq!(
                to.texts("SELECT COUNT(*)::text FROM audit_event").await,
                events
            );
            week.use_destination(&to);
            read(to.folder.path(), &["audit", "verify"]);
        }
        assert!(
            fs::read(week.data.join("countersign.db")).unwrap() == before,
            "the file is only read"
        );
        println!(
            "{} kills: {empty} left the destination empty, {complete} complete; 0 rows lost",
            kills()
        );
    });
}
