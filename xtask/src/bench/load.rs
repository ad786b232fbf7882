//! The load generator: connections that ask, wait for the whole answer, and ask again. Nothing between it and the
//! socket, so that the smallest part of the machine goes to the generator.

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

use super::measure::Side;

/// A request that is asked again and again.
pub(super) struct Ask {
    line: String,
    /// The header that says who asks.
    credential: String,
    body: String,
}

impl Ask {
    pub(super) fn get(path: &str, token: &str) -> Self {
        Self {
            line: format!("GET {path} HTTP/1.1"),
            credential: format!("X-SF-TOKEN: {token}"),
            body: String::new(),
        }
    }

    /// A page, as a signed-in browser asks for it.
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

/// One side of the comparison: its open connections.
pub(super) struct Target {
    connections: Vec<Connection>,
}

impl Target {
    /// Opens the connections and prepares the requests, which they share out.
    pub(super) async fn open(address: &str, asks: &Arc<[Ask]>, connections: usize) -> Result<Self> {
        let requests: Arc<[Vec<u8>]> = asks.iter().map(|ask| ask.bytes(address)).collect();
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

    /// Asks everything once and gives the size of the last answer's body.
    pub(super) async fn warm_up(&mut self) -> Result<usize> {
        let connection = self.connections.first_mut().context("no connections")?;
        let mut size = 0;
        for number in 0..connection.requests.len() {
            size = connection.ask(number).await?;
        }
        Ok(size)
    }

    /// Asks one thing and gives the answer's body.
    pub(super) async fn read(&mut self, number: usize) -> Result<String> {
        let connection = self.connections.first_mut().context("no connections")?;
        let size = connection.ask(number).await?;
        let body = &connection.buffer[connection.buffer.len() - size..];
        Ok(String::from_utf8(body.to_vec())?)
    }

    /// Keeps every connection busy for this long.
    pub(super) async fn drive(&mut self, time: Duration) -> Result<Side> {
        let start = Instant::now();
        let mut running = JoinSet::new();
        for connection in self.connections.drain(..) {
            running.spawn(connection.drive_until(start + time));
        }
        let mut latencies = Vec::new();
        while let Some(finished) = running.join_next().await {
            let (connection, measured) = finished??;
            self.connections.push(connection);
            latencies.extend(measured);
        }
        Ok(Side::new(latencies, start.elapsed()))
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    requests: Arc<[Vec<u8>]>,
    next: usize,
    step: usize,
}

impl Connection {
    async fn drive_until(mut self, end: Instant) -> Result<(Self, Vec<Duration>)> {
        let mut latencies = Vec::new();
        let mut asked = Instant::now();
        while asked < end {
            self.ask(self.next).await?;
            let answered = Instant::now();
            latencies.push(answered - asked);
            asked = answered;
            self.next = (self.next + self.step) % self.requests.len();
        }
        Ok((self, latencies))
    }

    /// Sends one request and reads its answer to the last byte; gives the body's size.
    async fn ask(&mut self, number: usize) -> Result<usize> {
        self.stream.write_all(&self.requests[number]).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed a connection");
            }
            if let Some(answer) = Answer::parse(&self.buffer)? {
                if !answer.good {
                    let head = String::from_utf8_lossy(&self.buffer);
                    bail!("no success: {}", head.lines().next().unwrap_or_default());
                }
                return Ok(answer.body);
            }
        }
    }
}

/// What is known of an answer that has come whole.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    good: bool,
    body: usize,
}

impl Answer {
    /// `None` while more is to come.
    fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(head) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes[..head]).context("the head is not text")?;
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
            // A page is sent while it is made; its last chunk is empty (RFC 9112, section 7.1).
            None if header("transfer-encoding") == Some("chunked") => {
                (rest.len(), rest.ends_with(b"\r\n0\r\n\r\n"))
            }
            None => bail!("an answer without content-length"),
        };
        Ok(complete.then(|| Self {
            good: text.starts_with("HTTP/1.1 20"),
            body,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer is whole at its last byte and not before.
    #[track_caller]
    fn check(whole: &str, good: bool, body: usize) {
        for length in 0..whole.len() {
            assert_eq!(Answer::parse(&whole.as_bytes()[..length]).unwrap(), None);
        }
        let expected = Some(Answer { good, body });
        assert_eq!(Answer::parse(whole.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn an_answer_is_read_to_its_last_byte_and_no_further() {
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
    fn a_page_in_chunks_is_read_to_its_last() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        check(&format!("{head}2\r\nok\r\n0\r\n\r\n"), true, 12);
    }

    #[test]
    fn an_answer_without_a_length_is_refused() {
        assert!(Answer::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
