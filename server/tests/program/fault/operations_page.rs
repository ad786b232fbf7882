//! The commands of docs/operations.md have the effects that the page describes.

use std::{
    path::Path,
    process::{Command, Output},
    time::{Duration, Instant},
};

use crate::{
    callers::{Client, set_up},
    support::{PASSWORD, make_user, output},
};

/// How long a running server may take to notice a command.
const PATIENCE: Duration = Duration::from_secs(10);

/// The blocks of commands under a heading of the page.
fn commands(heading: &str) -> Vec<String> {
    let page = include_str!("../../../../docs/operations.md");
    let (_, section) = page
        .split_once(&format!("\n## {heading}\n"))
        .expect("the page has the heading");
    let section = section.split("\n## ").next().unwrap_or_default();
    let blocks = section.split("```sh\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

/// Runs commands in the folder of the server, as an operator does.
fn run_commands(folder: &Path, commands: &str, variables: &[(&str, &str)]) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_countersign"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell
        .args(["-e", "-c", commands])
        .current_dir(folder)
        .env("PATH", path)
        .envs(variables.iter().copied());
    let output = output(&mut shell);
    assert!(
        output.status.success(),
        "{commands}{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Waits until a token has this status.
fn wait_for_status(client: &mut Client, secret: &str, status: u16) {
    let began = Instant::now();
    while client.ask("GET", "/v2/session", secret, "").unwrap().1 != status {
        assert!(began.elapsed() < PATIENCE, "the status is not {status}");
        std::thread::yield_now();
    }
}

#[test]
fn a_leaked_token_is_revoked_under_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let (server, credentials, _) = set_up(folder.path());
    let mut client = Client::new(&server.address);
    let secret = &credentials.admin.secret;
    wait_for_status(&mut client, secret, 200);
    let blocks = commands("A token leaked");
    run_commands(folder.path(), &blocks[0], &[("TOKEN", secret)]);
    wait_for_status(&mut client, secret, 401);
    assert!(server.stop().success());
}

#[test]
fn an_administrator_gets_access_back_after_a_laptop_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, _) = set_up(folder.path());
    make_user(folder.path(), "mary@example.com", "admin");
    let mut client = Client::new(&server.address);
    let sign_in = |client: &mut Client, password: &str| {
        let body =
            serde_json::json!({"email": "mary@example.com", "password": password}).to_string();
        let (_, status, body) = client.ask("POST", "/v2/session", "", &body).unwrap();
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        (
            status,
            answer["accessToken"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let (status, lost) = sign_in(&mut client, PASSWORD);
    assert_eq!(status, 200);
    wait_for_status(&mut client, &lost, 200);
    let new_password = "another horse staple battery";
    let variables = [
        ("EMAIL", "mary@example.com"),
        ("NEW_PASSWORD", new_password),
    ];
    for block in commands("An administrator's laptop is lost") {
        run_commands(folder.path(), &block, &variables);
    }
    wait_for_status(&mut client, &lost, 401);
    assert_eq!(sign_in(&mut client, PASSWORD).0, 401);
    assert_eq!(sign_in(&mut client, new_password).0, 200);
    assert!(server.stop().success());
}

#[test]
fn the_commands_that_check_the_database_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, _) = set_up(folder.path());
    for heading in [
        "The disk is full",
        "The database fails over, or a backup is restored",
    ] {
        let blocks = commands(heading);
        assert!(!blocks.is_empty(), "{heading}");
        for block in blocks {
            let output = run_commands(folder.path(), &block, &[]);
            assert!(
                String::from_utf8_lossy(&output.stdout).contains("reachable"),
                "{block}"
            );
        }
    }
    assert!(server.stop().success());
}
