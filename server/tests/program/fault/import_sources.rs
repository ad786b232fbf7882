//! Sources of an import that reject, redirect, limit or confuse it: each has a clear message, and nothing changes.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread::{self, JoinHandle},
};

use crate::support::{countersign, make_user, output, said};

const TOKEN: &str = "a-token-that-no-one-may-read";

/// A source that sends these responses, one to each request. Returns its address and the requested paths.
fn source(responses: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = thread::spawn(move || {
        let mut asked = Vec::new();
        for response in responses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            asked.push(lines.next().unwrap().unwrap());
            while !lines.next().unwrap().unwrap().is_empty() {}
            stream.write_all(response.as_bytes()).unwrap();
        }
        asked
    });
    (format!("http://{address}"), serving)
}

fn response(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn a_source_that_fails_is_named_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make_user(folder, "ada@example.com", "admin");
    fs::write(folder.join("token"), TOKEN).unwrap();
    let import = |api: &str| {
        let arguments = ["import", "signalfx", "--api", api, "--token-file", "token"];
        let imported = output(&mut countersign(folder, &arguments));
        assert_eq!(imported.status.code(), Some(1), "{}", said(&imported));
        assert!(!said(&imported).contains(TOKEN), "{}", said(&imported));
        said(&imported)
    };
    let check = |responses: &[(&str, &str, &str)], expected: &str| {
        let responses: Vec<_> = responses
            .iter()
            .map(|(status, headers, body)| response(status, headers, body))
            .collect();
        let count = responses.len();
        let (api, serving) = source(responses);
        let message = import(&api);
        assert!(message.contains(expected), "{message}");
        assert_eq!(serving.join().unwrap().len(), count);
    };
    let elsewhere = "Location: http://127.0.0.1:1/\r\n";
    check(
        &[("302 Found", elsewhere, "")],
        "redirects GET /v2/organization/member (302)",
    );
    check(
        &[("401 Unauthorized", "", "")],
        "the source rejects the token (401",
    );
    check(
        &[("403 Forbidden", "", "")],
        "it must be an administrator's",
    );
    check(
        &[("404 Not Found", "", "")],
        "--api is not the address of an API",
    );
    check(&[("200 OK", "", "<html>")], "invalid JSON");
    check(&[("200 OK", "", "[]")], "is not a list");
    check(&[("418 I'm a teapot", "", "")], "with the status 418");
    let now = "Retry-After: 0\r\n";
    check(
        &[
            ("429 Too Many Requests", now, ""),
            ("503 Service Unavailable", now, ""),
            ("401 Unauthorized", "", ""),
        ],
        "the source rejects the token",
    );
    check(
        &[("429 Too Many Requests", "Retry-After: 4000\r\n", "")],
        "asks to wait for 4000 seconds",
    );
    assert!(import("http://api.example").contains("does not begin with https://"));
    assert!(import("nonsense").contains("--api cannot be used"));
    fs::write(folder.join("token"), "\n").unwrap();
    assert!(import("https://api.example").contains("token is empty"));
}

#[test]
fn kinds_that_the_source_does_not_serve_or_show_are_reported_and_the_others_copied() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make_user(folder, "ada@example.com", "admin");
    fs::write(folder.join("token"), TOKEN).unwrap();
    let list = |body: &str| response("200 OK", "", body);
    let empty = r#"{"count":0,"results":[]}"#;
    let (api, serving) = source(vec![
        list(empty),
        response("403 Forbidden", "", ""),
        // Two pages; a count that is too high does not matter.
        list(r#"{"count":3,"results":[{"id":"TeamOne","name":"One"}]}"#),
        list(
            r#"{"count":3,"results":[{"id":"TeamTwo","name":"Two","members":["Gone"]},{"id":"../x","name":"Bad"}]}"#,
        ),
        list(empty),
        response("405 Method Not Allowed", "", ""),
        list(empty),
        list(empty),
        list(empty),
        list(empty),
        list(empty),
    ]);
    let arguments = ["import", "signalfx", "--api", &api, "--token-file", "token"];
    let imported = output(&mut countersign(folder, &arguments));
    let asked = serving.join().unwrap();
    assert!(
        asked[3].starts_with("GET /v2/team?limit=100&offset=1 "),
        "{}",
        asked[3]
    );
    assert!(
        asked[10].starts_with("GET /v2/alertmuting?include=Open&"),
        "{}",
        asked[10]
    );
    assert_eq!(imported.status.code(), Some(1));
    for line in [
        "integrations: failed, the token may not read them (403)",
        "teams: 2 created, 0 updated, 0 unchanged, 0 skipped, 0 failed",
        "teams: failed, objects without a usable id: 1",
        "SLOs: skipped, the source does not serve them",
        "left out a member: the source has no member Gone",
    ] {
        assert!(
            said(&imported).contains(line),
            "{line} is not in {}",
            said(&imported)
        );
    }
}
