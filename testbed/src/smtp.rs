//! A mail server for tests: it takes mail on a port of this machine and shows what it was given.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

/// A mail as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letter {
    /// From whom, as the envelope says.
    pub from: String,
    /// To whom, as the envelope says.
    pub to: String,
    /// Its head and body, a line each.
    pub lines: Vec<String>,
}

impl Letter {
    /// The field of its head that has this name.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        let fields = self.lines.iter().take_while(|line| !line.is_empty());
        let mut values = fields.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        values.next().unwrap_or_default()
    }

    /// Its text, a line each, as a person reads it (quoted-printable, RFC 2045).
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn text(&self) -> Vec<String> {
        let body: Vec<_> = self
            .lines
            .iter()
            .skip_while(|line| !line.is_empty())
            .skip(1)
            .cloned()
            .collect();
        let joined = body.join("\n").replace("=\n", "");
        let mut pieces = joined.split('=');
        let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
        for piece in pieces {
            let (code, rest) = piece.split_at(2);
            bytes.push(u8::from_str_radix(code, 16).expect("two digits follow"));
            bytes.extend_from_slice(rest.as_bytes());
        }
        let text = String::from_utf8(bytes).expect("it is text");
        text.lines().map(str::to_owned).collect()
    }
}

/// A running mail server, gone when this is dropped.
#[derive(Debug)]
pub struct MailServer {
    /// Its address, as `countersign --smtp-url` takes it, with the password it wants.
    pub url: String,
    letters: Arc<Mutex<Vec<Letter>>>,
    listening: AbortHandle,
}

impl MailServer {
    /// A server that takes mail for everybody but those whose address begins with this, whom it refuses.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn refusing(refused: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let address = listener.local_addr().expect("it listens somewhere");
        let letters = Arc::<Mutex<Vec<Letter>>>::default();
        let taken = letters.clone();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, refused, taken.clone()));
            }
        });
        Self {
            url: format!("smtp://countersign:hunter2@{address}"),
            letters,
            listening: listening.abort_handle(),
        }
    }

    /// What was handed in so far.
    ///
    /// # Panics
    /// When a conversation failed in the middle.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().expect("nobody failed").clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One conversation (RFC 5321), with a password in it (RFC 4954). A client that goes away ends it.
async fn converse(stream: TcpStream, refused: &str, taken: Arc<Mutex<Vec<Letter>>>) -> Option<()> {
    let mut stream = BufStream::new(stream);
    let mut letter = Letter::default();
    let mut is_known = false;
    say(&mut stream, "220 mail.example").await?;
    loop {
        let line = hear(&mut stream).await?;
        let (verb, rest) = line.split_at(line.len().min(4));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
            "AUTH" => {
                // countersign, hunter2
                is_known = rest.trim() == "PLAIN AGNvdW50ZXJzaWduAGh1bnRlcjI=";
                if is_known { "235 welcome" } else { "535 no" }
            }
            _ if !is_known => "530 who are you?",
            "MAIL" => {
                letter.from = address(rest);
                "250 ok"
            }
            "RCPT" => {
                letter.to = address(rest);
                if !refused.is_empty() && letter.to.starts_with(refused) {
                    "550 there is nobody here called <that>"
                } else {
                    "250 ok"
                }
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                letter.lines = message(&mut stream).await?;
                let whole = std::mem::take(&mut letter);
                taken.lock().expect("nobody failed").push(whole);
                "250 taken"
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return None;
            }
            "NOOP" | "RSET" => "250 ok",
            _ => "500 what?",
        };
        say(&mut stream, answer).await?;
    }
}

/// The lines up to the single dot.
async fn message(stream: &mut BufStream<TcpStream>) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let line = hear(stream).await?;
        if line == "." {
            return Some(lines);
        }
        lines.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
    }
}

/// What is between `<` and `>`.
fn address(text: &str) -> String {
    let inside = text.split_once('<').map_or("", |(_, rest)| rest);
    inside.split('>').next().unwrap_or("").to_owned()
}

async fn hear(stream: &mut BufStream<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn say(stream: &mut BufStream<TcpStream>, line: &str) -> Option<()> {
    stream
        .write_all(format!("{line}\r\n").as_bytes())
        .await
        .ok()?;
    stream.flush().await.ok()
}
