//! `Expect: 100-continue` (RFC 9110, section 10.1.1): the server asks for a body that it reads, and no other.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, make_user};

/// Sends the head of a request that expects to be asked for its body. Returns the connection.
fn expecting(server: &Server, token: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    write!(
        stream,
        "POST /v2/chart HTTP/1.1\r\nHost: {}\r\nX-SF-TOKEN: {token}\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Content-Length: {length}\r\n\r\n",
        server.address
    )
    .unwrap();
    stream
}

#[test]
fn a_body_is_asked_for_when_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    let server = Server::start(folder.path(), "serve");
    let sign_in = json!({"email": "ada@example.com", "password": PASSWORD}).to_string();
    let (_, session) = server.ask("POST /v2/session HTTP/1.1", &sign_in);
    let session: Value = serde_json::from_str(&session).unwrap();
    let token = session["accessToken"].as_str().unwrap();

    let body = json!({"name": "c", "options": {"type": "Text"}}).to_string();
    let mut stream = expecting(&server, token, body.len());
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    reader.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("HTTP/1.1 200 OK"), "{answer}");

    // The body of a request that is not authorized is not read.
    let mut answer = String::new();
    expecting(&server, "garbage", body.len())
        .read_to_string(&mut answer)
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}
