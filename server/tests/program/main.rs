//! The program as an administrator starts, uses and stops it.

#![expect(
    clippy::unwrap_used,
    reason = "a failed test panics at the line that failed"
)]

mod attack;
mod callers;
mod full_disk;
mod lateness;
mod ledger;
mod support;

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Output,
    time::Duration,
};

use serde_json::{Value, json};

use support::{PASSWORD, Server, make_user, run, said};

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
fn a_token_of_a_user_created_in_the_shell_is_valid_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let server = Server::start(folder.path(), "serve");
    let body = json!({"email": "ada@example.com", "password": PASSWORD}).to_string();
    let (status, answer) = server.ask("POST /v2/session HTTP/1.1", &body);
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let token = answer["accessToken"].as_str().unwrap().to_owned();
    let head = format!("GET /v2/session HTTP/1.1\r\nX-SF-TOKEN: {token}");
    assert_eq!(server.ask(&head, "").0, 200);
    assert!(server.stop().success());

    let listed = run(folder.path(), &["token", "list"], "");
    assert!(
        said(&listed).contains(answer["id"].as_str().unwrap()) && !said(&listed).contains(&token)
    );
    let server = Server::start(folder.path(), "serve");
    assert_eq!(server.ask(&head, "").0, 200);
    let revoked = run(folder.path(), &["token", "revoke"], &token);
    assert!(revoked.status.success(), "{}", said(&revoked));
    assert!(
        becomes_unauthorized(&server, &head),
        "a token is still accepted a second after its revocation"
    );
    assert!(server.stop().success());
}

/// Whether the request is answered 401 within a second: another process revoked its token in the same database.
fn becomes_unauthorized(server: &Server, head: &str) -> bool {
    (0..20).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        server.ask(head, "").0 == 401
    })
}

/// The database of a server that runs in this folder.
fn database_in(folder: &std::path::Path) -> testbed::Database {
    testbed::Database {
        url: format!("sqlite:{}", folder.join("data/countersign.db").display()),
        folder: tempfile::tempdir().unwrap(),
    }
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
fn mail_that_cannot_be_sent_is_in_the_log_without_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    // The listener is dropped, so the port is closed.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let settings = format!(
        "smtp_url = \"smtp://countersign:hunter2@127.0.0.1:{port}\"\nmail_from = \"c@example.com\"\npublic_url = \"https://countersign.example\"\n"
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

#[test]
fn all_tokens_of_a_user_are_revoked_behind_ten_thousand_newer_ones() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), "serve");
    let sign_in = |email: &str| {
        make_user(folder.path(), email, "power");
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        let (status, answer) = server.ask("POST /v2/session HTTP/1.1", &body);
        assert_eq!(status, 200, "{answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        format!(
            "GET /v2/session HTTP/1.1\r\nX-SF-TOKEN: {}",
            answer["accessToken"].as_str().unwrap()
        )
    };
    let (ada, grace) = (sign_in("ada@example.com"), sign_in("grace@example.com"));
    testbed::run(database_in(folder.path()).tamper(
        "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < 10000) \
         INSERT INTO token (id, organization_id, user_id, kind, name, digest, prefix, last4, created_at, expires_at, \
             created_address, created_client, name_folded) \
         SELECT substr('AAAAAAAAAA' || n, -10) || 'A', t.organization_id, t.user_id, t.kind, t.name, randomblob(32), \
             t.prefix, t.last4, t.created_at + n, t.expires_at, '', '', '' \
         FROM copy, token t JOIN member m ON m.id = t.user_id WHERE m.email = 'grace@example.com'",
    ));
    let revoke = || {
        let arguments = ["token", "revoke", "--email", "ada@example.com"];
        run(folder.path(), &arguments, "")
    };
    let revoked = revoke();
    assert!(revoked.status.success(), "{}", said(&revoked));
    assert_eq!(said(&revoked), "Revoked 1 token of ada@example.com.\n");
    assert!(
        becomes_unauthorized(&server, &ada),
        "the token is still live"
    );
    assert_eq!(server.ask(&grace, "").0, 200);
    let nothing_left = revoke();
    assert!(!nothing_left.status.success());
    assert!(said(&nothing_left).contains("ada@example.com has no live tokens"));
    assert!(server.stop().success());
}

#[test]
fn users_are_managed_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    for (email, role) in [("ada@example.com", "admin"), ("grace@example.com", "power")] {
        make_user(folder.path(), email, role);
    }
    let command = |arguments: &[&str], input: &str| run(folder.path(), arguments, input);
    let done = |output: Output| assert!(output.status.success(), "{}", said(&output));
    done(command(
        &[
            "user",
            "set-role",
            "--email",
            "grace@example.com",
            "--role",
            "usage",
        ],
        "",
    ));
    done(command(
        &["user", "set-password", "--email", "grace@example.com"],
        "a completely new one",
    ));
    done(command(
        &["user", "disable", "--email", "grace@example.com"],
        "",
    ));
    done(command(
        &["user", "unlock", "--email", "grace@example.com"],
        "",
    ));
    let listed = said(&command(&["user", "list"], ""));
    let grace = listed
        .lines()
        .find(|line| line.contains("grace@example.com"))
        .unwrap();
    assert!(
        grace.contains("usage") && grace.ends_with("disabled"),
        "{listed}"
    );
    for refused in [
        command(&["user", "disable", "--email", "ada@example.com"], ""),
        command(
            &[
                "user",
                "set-role",
                "--email",
                "ada@example.com",
                "--role",
                "emperor",
            ],
            "",
        ),
        command(&["user", "disable", "--email", "unknown@example.com"], ""),
        command(
            &["user", "set-password", "--email", "ada@example.com"],
            "short",
        ),
    ] {
        assert!(!refused.status.success(), "{}", said(&refused));
    }
    done(command(&["check"], ""));
    done(command(&["migrate"], ""));
}
