//! A mail server for tests: it accepts mail on a local port and returns it.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

use crate::letter::Letter;

/// A running mail server. Dropping this stops it.
#[derive(Debug)]
pub struct MailServer {
    /// Its URL with user and password, for `countersign --smtp-url`.
    pub url: String,
    letters: Arc<Mutex<Vec<Letter>>>,
    listening: AbortHandle,
}

impl MailServer {
    /// Starts a server that rejects recipients whose address starts with this; the empty text rejects none.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn rejecting(rejected: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let letters = Arc::<Mutex<Vec<Letter>>>::default();
        let received = letters.clone();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, rejected, received.clone()));
            }
        });
        Self {
            url: format!("smtp://countersign:hunter2@{address}"),
            letters,
            listening: listening.abort_handle(),
        }
    }

    /// The mails received so far.
    ///
    /// # Panics
    /// When a conversation panicked.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.letters
            .lock()
            .expect("no conversation panicked")
            .clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One conversation (RFC 5321) with authentication (RFC 4954); `None` at its end.
async fn converse(
    stream: TcpStream,
    rejected: &str,
    received: Arc<Mutex<Vec<Letter>>>,
) -> Option<()> {
    let mut stream = BufStream::new(stream);
    let mut letter = Letter::default();
    let mut is_authenticated = false;
    write_line(&mut stream, "220 mail.example").await?;
    loop {
        let line = read_line(&mut stream).await?;
        let (verb, rest) = line.split_at(line.len().min(4));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
            "AUTH" => {
                // countersign, hunter2
                is_authenticated = rest.trim() == "PLAIN AGNvdW50ZXJzaWduAGh1bnRlcjI=";
                if is_authenticated {
                    "235 welcome"
                } else {
                    "535 no"
                }
            }
            _ if !is_authenticated => "530 who are you?",
            "MAIL" => {
                letter.from = address(rest);
                "250 ok"
            }
            "RCPT" => {
                letter.to = address(rest);
                if !rejected.is_empty() && letter.to.starts_with(rejected) {
                    "550 no such mailbox <that>"
                } else {
                    "250 ok"
                }
            }
            "DATA" => {
                write_line(&mut stream, "354 go on").await?;
                letter.lines = message(&mut stream).await?;
                let whole = std::mem::take(&mut letter);
                received
                    .lock()
                    .expect("no conversation panicked")
                    .push(whole);
                "250 taken"
            }
            "QUIT" => {
                write_line(&mut stream, "221 bye").await?;
                return None;
            }
            "NOOP" | "RSET" => "250 ok",
            _ => "500 what?",
        };
        write_line(&mut stream, answer).await?;
    }
}

/// The lines of a message, which ends with a single dot.
async fn message(stream: &mut BufStream<TcpStream>) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let line = read_line(stream).await?;
        if line == "." {
            return Some(lines);
        }
        lines.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
    }
}

/// The text between `<` and `>`.
fn address(text: &str) -> String {
    let inside = text.split_once('<').map_or("", |(_, rest)| rest);
    inside.split('>').next().unwrap_or("").to_owned()
}

async fn read_line(stream: &mut BufStream<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn write_line(stream: &mut BufStream<TcpStream>, line: &str) -> Option<()> {
    stream
        .write_all(format!("{line}\r\n").as_bytes())
        .await
        .ok()?;
    stream.flush().await.ok()
}
