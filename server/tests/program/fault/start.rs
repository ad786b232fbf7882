//! A server that starts before its database.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use testbed::proxy::Proxy;

use crate::support::{countersign, output};

/// How long the server may take for each step.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that is killed when it is dropped.
struct Starting {
    child: Child,
    address: String,
}

impl Starting {
    /// The status of a request; 0 when the server does not listen.
    fn status(&self, path: &str) -> u16 {
        let Ok(mut stream) = TcpStream::connect(&self.address) else {
            return 0;
        };
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
            .split(' ')
            .nth(1)
            .map_or(0, |status| status.parse().unwrap())
    }

    fn wait_for(&self, path: &str, status: u16) {
        let began = Instant::now();
        while self.status(path) != status {
            assert!(began.elapsed() < PATIENCE, "{path} is not {status}");
            std::thread::yield_now();
        }
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_answers_health_checks_until_its_database_is_there() {
    testbed::run(async {
        let database = testbed::postgres().await;
        let proxy = Proxy::start(&database.url).await;
        proxy.refuse();
        let folder = database.folder.path();
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let log = folder.join("log");
        let mut command = countersign(folder, &["serve", "--listen", &free.to_string()]);
        command
            .env("COUNTERSIGN_DATABASE_URL", &proxy.url)
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).unwrap());
        let server = Starting {
            child: command.spawn().unwrap(),
            address: free.to_string(),
        };
        server.wait_for("/healthz", 200);
        assert_eq!(server.status("/readyz"), 503);
        // The log names the address.
        let began = Instant::now();
        let address = proxy
            .url
            .split('@')
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        while !fs::read_to_string(&log).unwrap().contains(address) {
            assert!(
                began.elapsed() < PATIENCE,
                "{}",
                fs::read_to_string(&log).unwrap()
            );
            std::thread::yield_now();
        }
        proxy.accept();
        server.wait_for("/readyz", 200);
    });
}

#[test]
fn a_server_that_waits_for_its_database_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    // Nothing answers on the port of the listener, whose connections are not accepted.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://ada@{}/nothing", silent.local_addr().unwrap());
    let mut command = countersign(folder.path(), &["serve", "--listen", &free.to_string()]);
    command
        .env("COUNTERSIGN_DATABASE_URL", &url)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut server = Starting {
        child: command.spawn().unwrap(),
        address: free.to_string(),
    };
    server.wait_for("/healthz", 200);
    let id = server.child.id().to_string();
    let signal = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(signal.unwrap().success());
    let began = Instant::now();
    let status = server.child.wait().unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert!(status.success(), "it ended by itself: {status}");
}

#[test]
fn a_wrong_password_of_the_database_ends_the_start() {
    testbed::run(async {
        let database = testbed::postgres().await;
        let (before, after) = database.url.split_once('@').unwrap();
        let (user, _) = before.rsplit_once(':').unwrap();
        let mut command = countersign(
            database.folder.path(),
            &["serve", "--listen", "127.0.0.1:0"],
        );
        command.env("COUNTERSIGN_DATABASE_URL", format!("{user}:wrong@{after}"));
        let ended = output(&mut command);
        assert!(!ended.status.success());
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains("password authentication failed"), "{said}");
        assert!(!said.contains("wrong"), "{said}");
    });
}
