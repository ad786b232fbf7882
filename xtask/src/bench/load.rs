//! The load generator: each connection sends a request, reads the whole response, and repeats. It uses the socket
//! directly, so that the generator takes as little processor time as possible.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use super::measurement::Measurement;

/// A request that is sent repeatedly.
pub(super) struct Request {
    line: String,
    /// The header with the credential.
    credential: String,
    body: String,
}

impl Request {
    pub(super) fn get(path: &str, token: &str) -> Self {
        Self {
            line: format!("GET {path} HTTP/1.1"),
            credential: format!("X-SF-TOKEN: {token}"),
            body: String::new(),
        }
    }

    /// A page, as a signed-in browser requests it.
    pub(super) fn page(path: &str, cookie: &str) -> Self {
        Self {
            credential: format!("Cookie: {cookie}"),
            ..Self::get(path, "")
        }
    }

    pub(super) fn post(path: &str, token: &str, body: &str) -> Self {
        Self {
            line: format!("POST {path} HTTP/1.1"),
            body: body.to_owned(),
            ..Self::get(path, token)
        }
    }

    fn bytes(&self, host: &str) -> Vec<u8> {
        let Self {
            line,
            credential,
            body,
        } = self;
        let mut text = format!("{line}\r\nHost: {host}\r\n{credential}\r\n");
        if !body.is_empty() {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        (text + "\r\n" + body).into_bytes()
    }
}

/// The open connections to one server.
pub(super) struct Connections {
    connections: Vec<Connection>,
}

impl Connections {
    /// Opens the connections. Each starts at another request and skips those of the other connections.
    pub(super) async fn open(
        address: &str,
        requests: &Arc<[Request]>,
        connections: usize,
    ) -> Result<Self> {
        let requests: Arc<[Vec<u8>]> = requests
            .iter()
            .map(|request| request.bytes(address))
            .collect();
        let mut opened = Vec::with_capacity(connections);
        for number in 0..connections {
            let stream = TcpStream::connect(address)
                .await
                .context("cannot connect")?;
            stream.set_nodelay(true)?;
            opened.push(Connection {
                stream,
                buffer: Vec::with_capacity(16 * 1024),
                requests: Arc::clone(&requests),
                next: number % requests.len().max(1),
                step: connections,
            });
        }
        Ok(Self {
            connections: opened,
        })
    }

    /// Sends every request once and returns the size of the last response's body.
    pub(super) async fn warm_up(&mut self) -> Result<usize> {
        let connection = self.connections.first_mut().context("no connections")?;
        let mut size = 0;
        for number in 0..connection.requests.len() {
            size = connection.send(number).await?;
        }
        Ok(size)
    }

    /// Sends one request and returns the response's body.
    pub(super) async fn read(&mut self, number: usize) -> Result<String> {
        let connection = self.connections.first_mut().context("no connections")?;
        let size = connection.send(number).await?;
        let body = &connection.buffer[connection.buffer.len() - size..];
        Ok(String::from_utf8(body.to_vec())?)
    }

    /// Keeps every connection busy for this duration.
    pub(super) async fn run_for(&mut self, time: Duration) -> Result<Measurement> {
        let start = Instant::now();
        let mut running = JoinSet::new();
        for connection in self.connections.drain(..) {
            running.spawn(connection.run_until(start + time));
        }
        let mut latencies = Vec::new();
        while let Some(finished) = running.join_next().await {
            let (connection, measured) = finished??;
            self.connections.push(connection);
            latencies.extend(measured);
        }
        Ok(Measurement::new(latencies, start.elapsed()))
    }
}

/// The id of the first object in a response.
pub(super) fn first_id(response: &str) -> Result<String> {
    let (_, rest) = response
        .split_once("\"id\":\"")
        .context("the response has no id")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    requests: Arc<[Vec<u8>]>,
    next: usize,
    step: usize,
}

impl Connection {
    async fn run_until(mut self, end: Instant) -> Result<(Self, Vec<Duration>)> {
        let mut latencies = Vec::new();
        let mut sent = Instant::now();
        while sent < end {
            self.send(self.next).await?;
            let received = Instant::now();
            latencies.push(received - sent);
            sent = received;
            self.next = (self.next + self.step) % self.requests.len();
        }
        Ok((self, latencies))
    }

    /// Sends one request, reads the whole response, and returns the size of its body.
    async fn send(&mut self, number: usize) -> Result<usize> {
        self.stream.write_all(&self.requests[number]).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed a connection");
            }
            if let Some(response) = Response::parse(&self.buffer)? {
                if !response.is_success {
                    let head = String::from_utf8_lossy(&self.buffer);
                    bail!(
                        "the request failed: {}",
                        head.lines().next().unwrap_or_default()
                    );
                }
                return Ok(response.body);
            }
        }
    }
}

/// A response that was read to its end.
#[derive(Debug, PartialEq, Eq)]
struct Response {
    is_success: bool,
    body: usize,
}

impl Response {
    /// Returns `None` when the response is not complete.
    fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(head) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes[..head]).context("the head is not UTF-8")?;
        let header = |wanted: &str| {
            let mut headers = text.lines().filter_map(|line| line.split_once(':'));
            let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim())
        };
        let rest = &bytes[head + 4..];
        let (body, complete) = match header("content-length") {
            Some(length) => {
                let length = length.parse()?;
                (length, rest.len() >= length)
            }
            // A page is sent in chunks while it is rendered; the last is empty (RFC 9112, section 7.1).
            None if header("transfer-encoding") == Some("chunked") => {
                (rest.len(), rest.ends_with(b"\r\n0\r\n\r\n"))
            }
            None => bail!("a response without content-length"),
        };
        Ok(complete.then(|| Self {
            is_success: text.starts_with("HTTP/1.1 20"),
            body,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A response is complete at its last byte and not before.
    #[track_caller]
    fn check(whole: &str, is_success: bool, body: usize) {
        for length in 0..whole.len() {
            assert_eq!(Response::parse(&whole.as_bytes()[..length]).unwrap(), None);
        }
        let expected = Some(Response { is_success, body });
        assert_eq!(Response::parse(whole.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn a_response_is_complete_at_its_last_byte() {
        check(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: now\r\n\r\nok",
            true,
            2,
        );
        check(
            "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n",
            false,
            0,
        );
    }

    #[test]
    fn a_chunked_page_is_complete_at_its_last_chunk() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        check(&format!("{head}2\r\nok\r\n0\r\n\r\n"), true, 12);
    }

    #[test]
    fn a_response_without_a_length_is_rejected() {
        assert!(Response::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
