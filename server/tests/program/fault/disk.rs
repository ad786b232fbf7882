//! A disk that is full, or on which single writes and syncs fail.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testbed::failing_writes::FailingWrites;

use crate::{
    callers::{Client, set_up},
    support::{Server, countersign},
};

/// How long the server may take to recover.
const RECOVERY: Duration = Duration::from_secs(5);

/// A server with writes that fail on demand, and the names of the teams that it confirmed.
struct Failing {
    server: Server,
    writes: FailingWrites,
    secret: String,
    confirmed: Vec<String>,
}

impl Failing {
    fn start(folder: &std::path::Path) -> Self {
        let (plain, credentials, _) = set_up(folder);
        assert!(plain.stop().success());
        let writes = FailingWrites::build(folder);
        let mut command = countersign(folder, &["serve", "--listen", "127.0.0.1:0"]);
        command.stderr(std::fs::File::create(folder.join("log")).unwrap());
        writes.load_into(&mut command);
        Self {
            server: Server::started(command),
            writes,
            secret: credentials.admin.secret,
            confirmed: Vec::new(),
        }
    }

    /// Creates a team and returns the status.
    fn create(&mut self, name: String) -> u16 {
        let body = json!({"name": name, "members": []}).to_string();
        let mut client = Client::new(&self.server.address);
        let (_, status, _) = client.ask("POST", "/v2/team", &self.secret, &body).unwrap();
        if status == 200 {
            self.confirmed.push(name);
        }
        status
    }

    /// Creates teams until one is confirmed.
    fn recover(&mut self, name: &str) {
        let began = Instant::now();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let status = self.create(format!("{name} {attempt}"));
            if status == 200 {
                return;
            }
            assert!(status == 503 || status == 424, "{name}: {status}");
            assert!(began.elapsed() < RECOVERY, "{name}: writes do not recover");
        }
    }

    fn status(&self, path: &str) -> u16 {
        let mut client = Client::new(&self.server.address);
        client.ask("GET", path, &self.secret, "").unwrap().1
    }
}

/// The names of all teams.
fn teams(server: &Server, secret: &str) -> Vec<String> {
    let mut client = Client::new(&server.address);
    let (_, status, body) = client
        .ask("GET", "/v2/team?limit=1000", secret, "")
        .unwrap();
    assert_eq!(status, 200, "{body}");
    let found: Value = serde_json::from_str(&body).unwrap();
    let names = found["results"].as_array().unwrap().iter();
    names
        .map(|team| team["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn writes_recover_after_each_failed_write_or_sync() {
    let folder = tempfile::tempdir().unwrap();
    let mut failing = Failing::start(folder.path());
    for failures in [1, 3] {
        let mut rejected = Vec::new();
        for successes in 0..24 {
            failing.writes.fail(successes, failures);
            for attempt in 0..3 {
                let name = format!("{failures} after {successes}, {attempt}");
                let status = failing.create(name.clone());
                assert!([200, 503, 424].contains(&status), "{name}: {status}");
                if status != 200 && rejected.last() != Some(&successes) {
                    rejected.push(successes);
                }
            }
            failing.writes.stop();
            failing.recover(&format!("{failures} after {successes}"));
        }
        assert!(
            rejected.iter().any(|successes| *successes > 0),
            "{failures} failed writes and syncs are noticed after these successful ones: {rejected:?}"
        );
    }
    // After a crash, only the data on disk is left.
    let Failing {
        mut server,
        secret,
        confirmed,
        ..
    } = failing;
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let server = Server::start(folder.path(), "serve");
    let stored = teams(&server, &secret);
    let lost: Vec<_> = confirmed
        .iter()
        .filter(|name| !stored.contains(name))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(server.stop().success());
}

#[test]
fn a_full_disk_rejects_only_writes_until_there_is_space() {
    let folder = tempfile::tempdir().unwrap();
    let mut failing = Failing::start(folder.path());
    assert_eq!(failing.status("/v2/session"), 200);
    failing.writes.fail(0, 1_000_000);
    let began = Instant::now();
    while failing.status("/readyz") == 200 {
        assert!(
            began.elapsed() < Duration::from_secs(2),
            "/readyz does not fail"
        );
    }
    assert_eq!(failing.create("while full".to_owned()), 503);
    assert_eq!(failing.status("/v2/session"), 200);
    assert_eq!(failing.status("/healthz"), 200);
    failing.writes.stop();
    failing.recover("with space");
    let began = Instant::now();
    while failing.status("/readyz") != 200 {
        assert!(began.elapsed() < RECOVERY, "/readyz does not recover");
    }
    assert!(failing.server.stop().success());
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    let warnings = log.lines().filter(|line| line.contains("\"WARN\"")).count();
    assert!(warnings < 20, "{log}");
}
