//! The program as an administrator starts, uses and stops it.

#![expect(
    clippy::unwrap_used,
    reason = "a failed test panics at the line that failed"
)]

mod attack;
mod callers;
mod expectations;
mod fault;
mod full_disk;
mod imports;
mod key_rotations;
mod ledger;
mod moving;
mod support;
mod terminal;
mod users;

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};

use support::{PASSWORD, Server, countersign, database_in, make_user, run, said};

#[test]
fn a_server_on_an_empty_database_prints_a_set_up_link() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), "serve");
    let line = server.line();
    let link = line
        .strip_prefix("Set up Countersign: http://")
        .expect("the first line has the set-up link");
    let path = link.strip_prefix(&server.address).unwrap();
    assert!(path.starts_with("/setup?claim="), "{path}");
    assert_eq!(server.ask(&format!("GET {path} HTTP/1.1"), "").0, 200);
    assert_eq!(
        server.ask("GET /readyz HTTP/1.1", ""),
        (200, "ready\n".to_owned())
    );
    assert!(server.stop().success());
}

#[test]
fn the_server_of_the_benchmarks_starts() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    let mut command = countersign(folder.path(), &["bench-serve", "--listen", "127.0.0.1:0"]);
    command.args([
        "--bare-listen",
        "127.0.0.1:0",
        "--tokens",
        "2",
        "--tokens-file",
    ]);
    command.arg(&tokens).stderr(std::process::Stdio::null());
    let server = Server::started(command);
    let token = std::fs::read_to_string(tokens).unwrap();
    let token = token.lines().next().unwrap();
    let head = format!("GET /v2/session HTTP/1.1\r\nX-SF-TOKEN: {token}");
    assert_eq!(server.ask(&head, "").0, 200);
    assert!(server.stop().success());
}

#[test]
fn a_response_that_ignores_the_body_leaves_the_connection_usable() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), "serve");
    for refused in [
        "PUT /v2/metric/cpu",
        "POST /v2/detector",
        "PATCH /v2/detector",
    ] {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let host = &server.address;
        write!(
            stream,
            "{refused} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n\r\n"
        )
        .unwrap();
        // Like most clients, sends the body separately. The server must not respond or close the connection before it.
        stream
            .set_read_timeout(Some(Duration::from_millis(100)))
            .unwrap();
        let early = stream.read(&mut [0; 1]);
        assert!(early.is_err(), "{refused}: responded early: {early:?}");
        stream.set_read_timeout(None).unwrap();
        write!(
            stream,
            "{{}}GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).unwrap();
        assert!(
            answers.starts_with("HTTP/1.1 40") && answers.ends_with("ok\n"),
            "{refused}: {answers}"
        );
    }
    assert!(server.stop().success());
}

#[test]
fn a_modified_audit_log_fails_verification() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let verify = || run(folder.path(), &["audit", "verify"], "");
    let passed = verify();
    assert!(
        passed.status.success() && said(&passed).contains("unchanged since its checkpoints"),
        "{}",
        said(&passed)
    );
    let database = database_in(folder.path());
    testbed::run(database.tamper("UPDATE audit_event SET actor_name = 'Eve' WHERE number = 1"));
    let failed = verify();
    assert!(
        !failed.status.success() && said(&failed).contains("Event 1 was changed."),
        "{}",
        said(&failed)
    );
}

#[test]
fn an_inserted_audit_event_is_reported_and_named_after_it_is_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let database = database_in(folder.path());
    for statement in [
        "CREATE TABLE copy AS SELECT * FROM audit_event WHERE number = 1",
        "UPDATE counter SET value = value + 1 WHERE name = 'audit_event'",
        "UPDATE copy SET number = (SELECT value FROM counter WHERE name = 'audit_event')",
        "INSERT INTO audit_event SELECT * FROM copy",
    ] {
        testbed::run(database.tamper(statement));
    }
    let mut number = String::new();
    let select = "SELECT CAST(number AS TEXT) FROM copy";
    testbed::run(async { number = database.texts(select).await.concat() });
    let forged = format!("Event {number} was inserted or changed before its checkpoint.");
    let failed_with = |command: &[&str], text: &str| {
        let done = run(folder.path(), command, "");
        let is_expected = !done.status.success() && said(&done).contains(text);
        assert!(is_expected, "{}", said(&done));
    };
    failed_with(&["audit", "verify"], &forged);
    // A server makes a checkpoint when it stops.
    assert!(Server::start(folder.path(), "serve").stop().success());
    failed_with(&["check"], &format!("events {number}."));
    let confirmed = run(folder.path(), &["check", "--confirm"], "");
    assert!(confirmed.status.success(), "{}", said(&confirmed));
    failed_with(&["audit", "verify"], &forged);
}

#[test]
fn mail_that_cannot_be_sent_is_in_the_log_without_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    // The listener is dropped, so the port is closed.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let settings = format!(
        "smtp_url = \"smtp://countersign:hunter2@127.0.0.1:{port}\"\nmail_from = \"c@example.com\"\npublic_url = \"https://countersign.example\"\nallowed_host = [\"127.0.0.1\"]\n"
    );
    std::fs::write(folder.path().join("countersign.toml"), settings).unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let checked = run(folder.path(), &["check"], "");
    assert!(!checked.status.success());
    let why = "the mail server cannot be reached: connection refused";
    assert!(said(&checked).contains(why), "{}", said(&checked));

    let mut server = Server::start(folder.path(), "serve");
    let mut log = server.child.stderr.take().unwrap();
    let body = json!({"email": "ada@example.com", "password": PASSWORD}).to_string();
    let (_, answer) = server.ask("POST /v2/session HTTP/1.1", &body);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let token = answer["accessToken"].as_str().unwrap();
    let head = format!("POST /v2/organization/member HTTP/1.1\r\nX-SF-TOKEN: {token}");
    let (status, answer) = server.ask(&head, r#"{"email": "grace@example.com"}"#);
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["inviteMailed"], false);
    let (_, claim) = answer["inviteUrl"]
        .as_str()
        .unwrap()
        .split_once("claim=")
        .unwrap();
    assert!(server.stop().success());
    let mut logged = String::new();
    log.read_to_string(&mut logged).unwrap();
    assert!(
        logged.contains("An invitation could not be mailed.") && logged.contains(why),
        "{logged}"
    );
    for secret in [claim, "hunter2", "grace@example.com"] {
        assert!(!logged.contains(secret), "{secret} is in {logged}");
    }
}

#[test]
fn the_demonstration_prints_how_to_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), "demo");
    let line = server.line();
    let (_, password) = line
        .split_once("with the password: ")
        .expect("the line has the password");
    let body = json!({"email": "ada@example.com", "password": password}).to_string();
    let (status, answer) = server.ask("POST /v2/session HTTP/1.1", &body);
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let token = answer["accessToken"].as_str().unwrap();
    let (status, dashboards) = server.ask(
        &format!("GET /v2/dashboard HTTP/1.1\r\nX-SF-TOKEN: {token}"),
        "",
    );
    assert_eq!(status, 200, "{dashboards}");
    assert!(dashboards.contains("Checkout latency"), "{dashboards}");
    assert!(server.stop().success());
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "no file is left behind"
    );
}

#[test]
fn a_server_listens_for_other_machines_only_behind_tls_or_with_permission() {
    let folder = tempfile::tempdir().unwrap();
    let public = ["--listen", "0.0.0.0:0"];
    for command in ["serve", "check", "demo"] {
        let refused = run(folder.path(), &[&[command], public.as_slice()].concat(), "");
        let said = said(&refused);
        assert!(!refused.status.success(), "{command}");
        assert!(
            said.contains("listen: ") && said.contains("allow_plain_http"),
            "{command}: {said}"
        );
    }
    assert!(run(folder.path(), &["migrate"], "").status.success());
    for permission in [
        ["--allow-plain-http", "--metrics"],
        ["--public-url", "https://countersign.example"],
    ] {
        let arguments = [&["check"], public.as_slice(), permission.as_slice()].concat();
        assert!(
            run(folder.path(), &arguments, "").status.success(),
            "{permission:?}"
        );
    }
}

#[test]
fn every_invalid_setting_is_reported_before_the_server_starts() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(
        folder.path(),
        &[
            "serve",
            "--listen",
            "nowhere",
            "--database-url",
            "mysql://u:hunter2@db",
        ],
        "",
    );
    let said = said(&refused);
    assert!(!refused.status.success());
    assert!(
        said.contains("listen: ") && said.contains("database_url: ") && !said.contains("hunter2"),
        "{said}"
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing was started"
    );
}
