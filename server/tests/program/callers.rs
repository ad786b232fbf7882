//! Clients that make valid and invalid calls and keep a ledger of the responses.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, make_user};

/// The number of concurrent client threads.
const THREADS: u64 = 8;

/// A reproducible random source: the same seed makes the same calls.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides` (Steele's and Vigna's SplitMix64).
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// A token with its id and secret.
pub(crate) struct Token {
    id: String,
    pub(crate) secret: String,
}

/// The credentials that calls use.
pub(crate) struct Credentials {
    pub(crate) admin: Token,
    power: Token,
    /// A revoked token.
    revoked: Token,
    /// An org token that may only send data.
    pub(crate) ingest: Token,
    /// The id of a team that calls update.
    team: String,
}

/// A call as the client observed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    /// The id of the token, if it is or was a valid one.
    pub(crate) token: Option<String>,
}

/// An answered call: the request id, the call, and the time of the response.
pub(crate) type Answered = (String, Entry, Instant);

/// A keep-alive connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        Self {
            stream: BufReader::new(TcpStream::connect(address).unwrap()),
            host: address.to_owned(),
        }
    }

    /// Sends a request and returns the request id, status and body.
    ///
    /// # Errors
    ///
    /// The connection is closed.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        secret: &str,
        body: &str,
    ) -> std::io::Result<(String, u16, String)> {
        let token = if secret.is_empty() {
            String::new()
        } else {
            format!("X-SF-TOKEN: {secret}\r\n")
        };
        let (host, length) = (&self.host, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{token}Content-Length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut id, mut status, mut length) = (String::new(), 0, 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            match line.split_once(": ") {
                Some(("x-request-id", value)) => value.clone_into(&mut id),
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => status = line.split(' ').nth(1).unwrap().parse().unwrap(),
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((id, status, String::from_utf8(body).unwrap()))
    }

    /// Makes a random call and returns its ledger entry.
    fn call(&mut self, credentials: &Credentials, dice: &mut Dice) -> std::io::Result<Answered> {
        let team = format!("/v2/team/{}", credentials.team);
        let new_team =
            json!({"name": format!("Team {}", dice.roll(u64::MAX)), "members": []}).to_string();
        let (method, path, by, secret, body) = match dice.roll(100) {
            0..10 => ("GET", "/v2/session", None, "", ""),
            10..20 => ("GET", "/v2/session", None, "nonsense", ""),
            20..30 => ("GET", "/v2/dashboard", Some(&credentials.revoked), "", ""),
            30..40 => ("GET", "/v2/session", Some(&credentials.ingest), "", ""),
            40..70 => ("GET", "/v2/session", Some(&credentials.power), "", ""),
            70..80 => ("GET", team.as_str(), Some(&credentials.power), "", ""),
            80..88 => (
                "GET",
                "/v2/detector/AAAAAAAAAAA",
                Some(&credentials.admin),
                "",
                "",
            ),
            88..92 => (
                "POST",
                "/v2/team",
                Some(&credentials.power),
                "",
                new_team.as_str(),
            ),
            92..96 => (
                "POST",
                "/v2/dashboardgroup",
                Some(&credentials.power),
                "",
                "{",
            ),
            96..98 => (
                "POST",
                "/v2/team",
                Some(&credentials.admin),
                "",
                new_team.as_str(),
            ),
            _ => (
                "PUT",
                team.as_str(),
                Some(&credentials.admin),
                "",
                new_team.as_str(),
            ),
        };
        let secret = by.map_or(secret, |token| token.secret.as_str());
        let (id, status, _) = self.ask(method, path, secret, body)?;
        let entry = Entry {
            method: method.to_owned(),
            path: path.to_owned(),
            status,
            token: by.map(|token| token.id.clone()),
        };
        Ok((id, entry, Instant::now()))
    }
}

/// Starts a server with members and tokens, and returns the ledger of the set-up calls.
pub(crate) fn set_up(folder: &Path) -> (Server, Credentials, Vec<Answered>) {
    make_user(folder, "ada@example.com", "admin");
    make_user(folder, "grace@example.com", "power");
    let server = Server::start(folder, "serve");
    let mut client = Client::new(&server.address);
    let mut ledger = Vec::new();
    let mut ask = |method: &str, path: &str, by: Option<&Token>, body: Value| -> Value {
        let secret = by.map_or("", |token| token.secret.as_str());
        let (id, status, answer) = client.ask(method, path, secret, &body.to_string()).unwrap();
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {answer}"
        );
        let entry = Entry {
            method: method.to_owned(),
            path: path.to_owned(),
            status,
            token: by.map(|token| token.id.clone()),
        };
        ledger.push((id, entry, Instant::now()));
        serde_json::from_str(&answer).unwrap_or_default()
    };
    let mut token_of = |email: &str| {
        let issued = ask(
            "POST",
            "/v2/session",
            None,
            json!({"email": email, "password": PASSWORD}),
        );
        Token {
            id: text(&issued, "id"),
            secret: text(&issued, "accessToken"),
        }
    };
    let [admin, power, revoked] =
        ["ada@example.com", "grace@example.com", "grace@example.com"].map(&mut token_of);
    ask("DELETE", "/v2/session", Some(&revoked), Value::Null);
    let ingest = ask(
        "POST",
        "/v2/token",
        Some(&admin),
        json!({"name": "sender", "authScopes": ["INGEST"]}),
    );
    let ingest = Token {
        id: text(&ingest, "id"),
        secret: text(&ingest, "secret"),
    };
    let team = ask(
        "POST",
        "/v2/team",
        Some(&admin),
        json!({"name": "Changed again and again", "members": []}),
    );
    let team = text(&team, "id");
    (
        server,
        Credentials {
            admin,
            power,
            revoked,
            ingest,
            team,
        },
        ledger,
    )
}

pub(crate) fn text(document: &Value, field: &str) -> String {
    document[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} in {document}"))
        .to_owned()
}

/// The calls of all threads.
#[derive(Default)]
pub(crate) struct Calls {
    /// The answered calls.
    pub(crate) ledger: Vec<Answered>,
    /// The duration of the longest call, answered or interrupted.
    pub(crate) longest: Duration,
}

/// Makes this many calls from all threads, or fewer if the server is stopped.
pub(crate) fn drive(
    address: &str,
    credentials: &Credentials,
    seed: u64,
    calls: u64,
    stop: &AtomicBool,
) -> Calls {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                scope.spawn(move || {
                    let mut dice = Dice(seed * THREADS + number);
                    let mut client = Client::new(address);
                    let mut made = Calls::default();
                    for _ in 0..calls / THREADS {
                        let began = Instant::now();
                        let answered = client.call(credentials, &mut dice);
                        made.longest = made.longest.max(began.elapsed());
                        match answered {
                            Ok(answered) => made.ledger.push(answered),
                            Err(_) if stop.load(Ordering::SeqCst) => break,
                            Err(error) => panic!("the server is gone: {error}"),
                        }
                    }
                    made
                })
            })
            .collect();
        let mut all = Calls::default();
        for thread in threads {
            let made = thread.join().unwrap();
            all.ledger.extend(made.ledger);
            all.longest = all.longest.max(made.longest);
        }
        all
    })
}
