//! Users and their tokens on the command line, beside a running server.

use std::{
    process::{Command, Output},
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, countersign, database_in, make_user, output, run, said};

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

#[test]
fn the_audit_log_names_who_ran_a_command_on_which_host() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let disable = ["user", "disable", "--email", "ada@example.com"];
    make_user(folder.path(), "grace@example.com", "admin");
    let mut command = countersign(folder.path(), &disable);
    let disabled = output(command.env("SUDO_USER", "karen"));
    assert!(disabled.status.success(), "{}", said(&disabled));
    let exported = run(folder.path(), &["audit", "export"], "");
    let events: Vec<Value> = said(&exported)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let user = run_of("id", &["-un"]);
    let host = run_of("uname", &["-n"]);
    let client = |action: &str| {
        let event = events.iter().find(|event| event["action"] == action);
        let event = event.unwrap();
        assert_eq!(event["actor"]["type"], "SYSTEM");
        event["request"]["client"].as_str().unwrap().to_owned()
    };
    let operator = format!("countersign (user {user}; SUDO_USER karen; host {host})");
    assert_eq!(client("disable"), operator);
    assert!(client("create").contains(&format!("; host {host})")));
}

/// What a command of the operating system prints.
fn run_of(program: &str, arguments: &[&str]) -> String {
    let output = output(Command::new(program).args(arguments));
    said(&output).trim().to_owned()
}
