//! Signals: which requests they cut, how long the server takes to stop, and whether answered calls are stored.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use testbed::on_both;

use crate::{
    callers::{Client, Credentials, set_up},
    ledger::{logged_calls, write_settings},
    support::{Server, countersign},
};

/// Containers are killed 10 s after SIGTERM.
const LIMIT: Duration = Duration::from_secs(8);

/// The time limit of a stop that waits for no request, on a busy machine.
const SOON: Duration = Duration::from_secs(4);

fn send(server: &Server, signal: &str) {
    let sent = Command::new("kill")
        .args([signal, &server.child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Waits until the server ends. Returns how, and how long that took.
fn ended(server: &mut Server) -> (ExitStatus, Duration) {
    let began = Instant::now();
    let status = server.child.wait().unwrap();
    (status, began.elapsed())
}

/// Makes this many calls on one keep-alive connection. Returns their request ids, and the connection.
fn call(server: &Server, credentials: &Credentials, count: usize) -> (Vec<String>, Client) {
    let mut client = Client::new(&server.address);
    let ids = (0..count).map(|_| {
        let secret = &credentials.admin.secret;
        let (id, status, _) = client.ask("GET", "/v2/session", secret, "").unwrap();
        assert_eq!(status, 200);
        id
    });
    (ids.collect(), client)
}

fn assert_logged(folder: &Path, ids: &[String]) {
    let logged = logged_calls(folder);
    let missing: Vec<_> = ids.iter().filter(|id| !logged.contains_key(*id)).collect();
    assert!(missing.is_empty(), "answered and not stored: {missing:?}");
}

/// A request without its body, which stays in progress.
fn endless_request(server: &Server, credentials: &Credentials) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let (host, secret) = (&server.address, &credentials.admin.secret);
    write!(
        stream,
        "POST /v2/team HTTP/1.1\r\nHost: {host}\r\nX-SF-TOKEN: {secret}\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n"
    )
    .unwrap();
    // The server asks for the body when the handler reads it.
    let mut line = String::new();
    BufReader::new(stream.try_clone().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    stream
}

on_both! {
    async fn idle_connections_do_not_delay_the_end_and_no_answered_call_is_lost(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (mut server, credentials, _) = set_up(folder);
        let (ids, idle) = call(&server, &credentials, 50);
        let silent = TcpStream::connect(&server.address).unwrap();
        let mut half = TcpStream::connect(&server.address).unwrap();
        half.write_all(b"GET /readyz HTTP/1.1\r\nHost:").unwrap();
        let mut http2 = TcpStream::connect(&server.address).unwrap();
        http2.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
        send(&server, "-TERM");
        let (status, took) = ended(&mut server);
        assert!(status.success() && took < SOON, "{status} after {took:?}");
        drop((idle, silent, half, http2));
        assert_logged(folder, &ids);
    }

    async fn the_server_ends_in_time_although_a_request_does_not(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (mut server, credentials, _) = set_up(folder);
        let (ids, _client) = call(&server, &credentials, 50);
        let _endless = endless_request(&server, &credentials);
        send(&server, "-TERM");
        let (status, took) = ended(&mut server);
        assert!(status.success() && took < LIMIT, "{status} after {took:?}");
        assert_logged(folder, &ids);
    }

    async fn a_second_signal_drops_requests_and_no_answered_call_is_lost(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (mut server, credentials, _) = set_up(folder);
        let (ids, _client) = call(&server, &credentials, 50);
        let _endless = endless_request(&server, &credentials);
        send(&server, "-TERM");
        until_stopping(&server);
        send(&server, "-INT");
        let (status, took) = ended(&mut server);
        assert!(status.success() && took < SOON, "{status} after {took:?}");
        assert_logged(folder, &ids);
    }

    async fn a_hangup_reads_the_settings_again_and_loses_nothing(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (plain, credentials, _) = set_up(folder);
        assert!(plain.stop().success());
        let file = folder.join("countersign.toml");
        let settings = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{settings}log = \"warn\"\n")).unwrap();
        let log = folder.join("log");
        let mut command = countersign(folder, &["serve", "--listen", "127.0.0.1:0"]);
        command.stderr(File::create(&log).unwrap());
        let server = Server::started(command);
        let (mut ids, client) = call(&server, &credentials, 10);
        drop(client);
        fs::write(&file, format!("{settings}log = \"nonsense=nonsense\"\n")).unwrap();
        send(&server, "-HUP");
        until_logged(&log, "cannot be used");
        fs::write(&file, format!("{settings}log = \"info\"\n")).unwrap();
        send(&server, "-HUP");
        until_logged(&log, "The settings were read again. The log filter is in use");
        ids.extend(call(&server, &credentials, 10).0);
        assert!(server.stop().success());
        assert!(fs::read_to_string(&log).unwrap().contains("Stopped."));
        assert_logged(folder, &ids);
    }
}

fn until_stopping(server: &Server) {
    let began = Instant::now();
    while server.ask("GET /readyz HTTP/1.1", "").0 == 200 {
        assert!(began.elapsed() < SOON, "the signal has no effect");
    }
}

fn until_logged(log: &Path, text: &str) {
    let began = Instant::now();
    while !fs::read_to_string(log).unwrap().contains(text) {
        assert!(
            began.elapsed() < SOON,
            "{text} is not in {}",
            fs::read_to_string(log).unwrap()
        );
        thread::sleep(Duration::from_millis(10));
    }
}

/// Sends requests on keep-alive connections until the server accepts no other one. A connection may only end after a
/// response that says so. Returns the number of responses.
fn ask_until_refused(address: &str) -> usize {
    let mut answered = 0;
    while let Ok(stream) = TcpStream::connect(address) {
        let mut stream = BufReader::new(stream);
        let mut is_first = true;
        loop {
            let head = match ask_health(&mut stream, address) {
                Ok(head) => head,
                // The operating system accepts connections that the server does not accept any more.
                Err(_) if is_first => return answered,
                Err(error) => panic!("a keep-alive request was cut: {error}"),
            };
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            (is_first, answered) = (false, answered + 1);
            if head.contains("connection: close") {
                break;
            }
        }
    }
    answered
}

/// Sends a request and returns the head of the response.
fn ask_health(stream: &mut BufReader<TcpStream>, address: &str) -> io::Result<String> {
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.get_mut().write_all(request.as_bytes())?;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    stream.read_exact(&mut [0; 3])?;
    Ok(head)
}

#[test]
fn a_stop_cuts_no_keep_alive_request() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), "serve");
    let address = server.address.clone();
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let address = address.clone();
            thread::spawn(move || ask_until_refused(&address))
        })
        .collect();
    // All of them are answered before the signal.
    for _ in 0..100 {
        assert_eq!(server.ask("GET /healthz HTTP/1.1", "").0, 200);
    }
    send(&server, "-TERM");
    let (status, took) = ended(&mut server);
    assert!(status.success() && took < SOON, "{status} after {took:?}");
    for client in clients {
        assert!(client.join().unwrap() > 0);
    }
}

#[test]
fn readiness_ends_when_the_stop_begins() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, credentials, _) = set_up(folder.path());
    let _endless = endless_request(&server, &credentials);
    assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
    send(&server, "-TERM");
    until_stopping(&server);
    let (status, body) = server.ask("GET /readyz HTTP/1.1", "");
    assert_eq!(status, 503, "{body}");
    assert_eq!(server.ask("GET /healthz HTTP/1.1", "").0, 200);
    send(&server, "-TERM");
    assert!(ended(&mut server).0.success());
}
