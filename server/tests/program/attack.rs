//! Attacks on the running program, bounded in connections and time.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use super::support::{Server, countersign};

/// Open files of the attacked server at most.
const FILES: usize = 256;

/// Starts a server that may open few files.
fn server_with_few_files(folder: &std::path::Path) -> Server {
    let program = countersign(folder, &["serve", "--listen", "127.0.0.1:0"]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -n {FILES}; exec \"$@\""), "sh"])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(folder)
        .stderr(Stdio::from(fs::File::create(folder.join("log")).unwrap()));
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    Server::started(limited)
}

#[test]
fn silent_connections_do_not_keep_others_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = server_with_few_files(folder.path());
    let half_a_preface = b"PRI * HTTP/2.0\r\n".as_slice();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".as_slice();
    let half_a_head = b"GET /readyz HTTP/1.1\r\nHost:".as_slice();
    let unread = b"GET /signin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".as_slice();
    for sent in [b"".as_slice(), half_a_preface, preface, half_a_head, unread] {
        let connect = |_| {
            let mut stream = TcpStream::connect(&server.address).unwrap();
            // The server may close it while it is written.
            drop(stream.write_all(sent));
            stream
        };
        let held: Vec<_> = (0..2 * FILES).map(connect).collect();
        assert_eq!(
            server.ask("GET /readyz HTTP/1.1", ""),
            (200, "ready\n".to_owned()),
            "{}",
            String::from_utf8_lossy(sent)
        );
        drop(held);
    }
    assert!(server.stop().success());
    let log = BufReader::new(fs::File::open(folder.path().join("log")).unwrap());
    let lines = log.lines().count();
    assert!(lines < 20, "{lines} lines in the log");
}

/// The start of an HTTP/2 connection whose client reads no bodies (RFC 9113): the preface, and settings with a window
/// of no bytes.
const PREFACE_WITHOUT_WINDOW: &[u8] =
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\0";

/// The header block of `GET /signin` (RFC 7541).
const GET_PAGE: &[u8] = b"\x82\x86\x04\x07/signin\x01\x01a";

/// Requests at once on one connection.
const STREAMS: u32 = 32;

/// The first byte of the header block of a response with status 200.
const STATUS_200: u8 = 0x88;

/// The type of a frame with headers.
const HEADERS: u8 = 1;

#[test]
fn unread_pages_of_one_network_do_not_fill_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), "serve");
    let mut attackers: Vec<_> = (0..3).map(|_| request_unread_pages(&server)).collect();
    let (mut pages, mut rejected) = (0, 0);
    for stream in &mut attackers {
        for _ in 0..STREAMS {
            if next_status(stream) == STATUS_200 {
                pages += 1;
            } else {
                rejected += 1;
            }
        }
    }
    assert_eq!((pages, rejected), (64, 32));
    // Health checks and the API are answered.
    assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
    assert_eq!(server.ask("GET /v2/session HTTP/1.1", "").0, 401);
    assert_eq!(server.ask("GET /signin HTTP/1.1", "").0, 429);
    drop(attackers);
    assert!(server.stop().success());
}

/// Opens an HTTP/2 connection and requests as many pages as it may, without room for their bodies.
fn request_unread_pages(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(PREFACE_WITHOUT_WINDOW).unwrap();
    for stream_id in (0..STREAMS).map(|number| 2 * number + 1) {
        let length = u8::try_from(GET_PAGE.len()).unwrap();
        let end_of_stream_and_headers = 0x05;
        let head = [0, 0, length, HEADERS, end_of_stream_and_headers];
        let frame = [&head, &stream_id.to_be_bytes()[..], GET_PAGE].concat();
        stream.write_all(&frame).unwrap();
    }
    stream
}

/// Reads up to the next response. Returns the first byte of its header block.
fn next_status(stream: &mut TcpStream) -> u8 {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).unwrap();
        let [_, high, low, kind, ..] = head;
        let mut block = vec![0; usize::from(u16::from_be_bytes([high, low]))];
        stream.read_exact(&mut block).unwrap();
        if kind == HEADERS {
            return block[0];
        }
    }
}

#[test]
fn a_request_with_two_lengths_hides_no_other_request() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), "serve");
    let hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    let length = hidden.len() + 5;
    let orders = [
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked"),
        format!("Transfer-Encoding: chunked\r\nContent-Length: {length}"),
    ];
    for lengths in orders {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let head = format!("POST /v2/session HTTP/1.1\r\nHost: a\r\n{lengths}\r\n\r\n");
        write!(stream, "{head}0\r\n\r\n{hidden}").unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).unwrap();
        assert!(answers.starts_with("HTTP/1.1 400"), "{answers}");
        assert_eq!(answers.matches("HTTP/1.1").count(), 1, "{answers}");
    }
    for lines in ["", "Host: a\r\nHost: b\r\n"] {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let head = format!("GET /healthz HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    assert!(server.stop().success());
}
