//! A client keeps a ledger of every call it makes, of all sorts and from many threads, and holds it against the record.

use std::{
    collections::{HashMap, HashSet},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testbed::{Database, on_both};

use crate::support::{PASSWORD, Server, make_user, run, said};

/// Threads that call at once.
const THREADS: u64 = 8;

/// Calls of reads whose answers came so short a time before a crash may be missing. Design 5 says a tenth of that, for a
/// machine that has nothing else to do.
const MAY_BE_MISSING: Duration = Duration::from_secs(1);

/// How many there shall be: of this variable, or the usual number.
fn asked(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |number| number.parse().unwrap())
}

/// Chance that can be had again: the same seed makes the same calls.
struct Dice(u64);

impl Dice {
    /// A number below `sides` (Steele's and Vigna's SplitMix64).
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// A token as its owner knows it.
struct Token {
    id: String,
    secret: String,
}

/// Everybody who calls.
struct Cast {
    admin: Token,
    power: Token,
    /// It was revoked.
    dead: Token,
    /// An org token that may only send data.
    foreign: Token,
    /// A team that can be changed.
    team: String,
}

/// A call as the client saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    method: String,
    path: String,
    status: u16,
    /// With which token, when it was a good one.
    token: Option<String>,
}

/// An answered call: its request's id, what it was, and when the answer had come.
type Answered = (String, Entry, Instant);

/// A connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Client {
    fn new(address: &str) -> Self {
        Self {
            stream: BufReader::new(TcpStream::connect(address).unwrap()),
            host: address.to_owned(),
        }
    }

    /// The request's id, the status and the body; an error when the server is gone.
    fn ask(
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

    /// Makes a call of any sort and writes it down.
    fn call(&mut self, cast: &Cast, dice: &mut Dice) -> std::io::Result<Answered> {
        let team = format!("/v2/team/{}", cast.team);
        let new_team =
            json!({"name": format!("Team {}", dice.roll(u64::MAX)), "members": []}).to_string();
        let (method, path, by, secret, body) = match dice.roll(100) {
            0..10 => ("GET", "/v2/session", None, "", ""),
            10..20 => ("GET", "/v2/session", None, "nonsense", ""),
            20..30 => ("GET", "/v2/dashboard", None, cast.dead.secret.as_str(), ""),
            30..40 => ("GET", "/v2/session", None, cast.foreign.secret.as_str(), ""),
            40..70 => ("GET", "/v2/session", Some(&cast.power), "", ""),
            70..80 => ("GET", team.as_str(), Some(&cast.power), "", ""),
            80..88 => ("GET", "/v2/detector/AAAAAAAAAAA", Some(&cast.admin), "", ""),
            88..92 => ("POST", "/v2/team", Some(&cast.power), "", new_team.as_str()),
            92..96 => ("POST", "/v2/dashboardgroup", Some(&cast.power), "", "{"),
            96..98 => ("POST", "/v2/team", Some(&cast.admin), "", new_team.as_str()),
            _ => (
                "PUT",
                team.as_str(),
                Some(&cast.admin),
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

/// A server that is set up, its people, and what setting up was answered.
fn set_up(folder: &Path) -> (Server, Cast, Vec<Answered>) {
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
    let [admin, power, dead] =
        ["ada@example.com", "grace@example.com", "grace@example.com"].map(&mut token_of);
    ask("DELETE", "/v2/session", Some(&dead), Value::Null);
    let foreign = ask(
        "POST",
        "/v2/token",
        Some(&admin),
        json!({"name": "sender", "authScopes": ["INGEST"]}),
    );
    let foreign = Token {
        id: text(&foreign, "id"),
        secret: text(&foreign, "secret"),
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
        Cast {
            admin,
            power,
            dead,
            foreign,
            team,
        },
        ledger,
    )
}

fn text(document: &Value, field: &str) -> String {
    document[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} in {document}"))
        .to_owned()
}

/// Calls from all threads: each so often, or until the server is gone.
fn drive(address: &str, cast: &Cast, seed: u64, calls: u64, stop: &AtomicBool) -> Vec<Answered> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                scope.spawn(move || {
                    let mut dice = Dice(seed * THREADS + number);
                    let mut client = Client::new(address);
                    let mut ledger = Vec::new();
                    for _ in 0..calls / THREADS {
                        match client.call(cast, &mut dice) {
                            Ok(answered) => ledger.push(answered),
                            Err(_) if stop.load(Ordering::SeqCst) => break,
                            Err(error) => panic!("the server is gone: {error}"),
                        }
                    }
                    ledger
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// What the record says of each call, by its request's id.
fn recorded(folder: &Path) -> HashMap<String, Entry> {
    let mut calls = HashMap::new();
    for line in exported(folder, "calls") {
        let entry = Entry {
            method: text(&line["request"], "method"),
            path: text(&line["request"], "path"),
            status: u16::try_from(line["status"].as_u64().unwrap()).unwrap(),
            token: line["token"]["id"].as_str().map(str::to_owned),
        };
        let before = calls.insert(text(&line["request"], "id"), entry);
        assert_eq!(before, None, "a call is recorded once");
    }
    calls
}

fn exported(folder: &Path, what: &str) -> Vec<Value> {
    let exported = run(folder, &["audit", "export", "--what", what], "");
    assert!(exported.status.success(), "{}", said(&exported));
    let text = String::from_utf8(exported.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Whether the record tells a call as the client saw it. Whose a refused token was is said when it is known.
fn agree(seen: &Entry, told: &Entry) -> bool {
    let token = if seen.status == 401 {
        &seen.token
    } else {
        &told.token
    };
    *seen
        == Entry {
            token: token.clone(),
            ..told.clone()
        }
}

/// Has the program use this database whatever it is asked.
fn settle(database: &Database) {
    let settings = format!("database_url = \"{}\"\n", database.url);
    std::fs::write(database.folder.path().join("countersign.toml"), settings).unwrap();
}

fn verify(folder: &Path) {
    let verified = run(folder, &["audit", "verify"], "");
    assert!(verified.status.success(), "{}", said(&verified));
}

on_both! {
    async fn the_ledger_of_whoever_called_equals_the_record(database: Database) {
        settle(&database);
        let folder = database.folder.path();
        let (server, cast, mut ledger) = set_up(folder);
        let calls = asked("COUNTERSIGN_TEST_LEDGER_CALLS", 20_000);
        ledger.extend(drive(&server.address, &cast, 1, calls, &AtomicBool::new(false)));
        assert!(server.stop().success());
        let mut recorded = recorded(folder);
        for (id, seen, _) in &ledger {
            let told = recorded.remove(id).unwrap_or_else(|| panic!("{id} {seen:?} is not recorded"));
            assert!(agree(seen, &told), "{id}: seen {seen:?}, told {told:?}");
        }
        assert!(recorded.is_empty(), "nobody made {recorded:?}");
        verify(folder);
    }

    async fn no_change_is_lost_when_the_server_is_killed(database: Database) {
        settle(&database);
        let folder = database.folder.path();
        let (server, cast, mut ledger) = set_up(folder);
        let address = server.address.clone();
        let mut killed = vec![(Instant::now(), kill_while_called(server, &address, &cast, 0, &mut ledger))];
        for cycle in 1..asked("COUNTERSIGN_TEST_KILL_CYCLES", 25) {
            let server = Server::start(folder, "serve");
            let address = server.address.clone();
            let began = Instant::now();
            killed.push((began, kill_while_called(server, &address, &cast, cycle, &mut ledger)));
        }
        verify(folder);
        let recorded = recorded(folder);
        let changes: HashSet<String> = exported(folder, "acts").iter().map(|act| text(&act["request"], "id")).collect();
        for (id, seen, at) in &ledger {
            let is_change = seen.method != "GET" && (200..300).contains(&seen.status);
            assert!(!is_change || changes.contains(id), "{id} {seen:?} was acknowledged and is not in the record");
            // What was already on its way when the server was killed is read a moment later.
            let died = killed.iter().rev().find(|(began, _)| began <= at);
            let may_be_missing = died.is_some_and(|(_, died)| died.saturating_duration_since(*at) <= MAY_BE_MISSING);
            match recorded.get(id) {
                Some(told) => assert!(agree(seen, told), "{id}: seen {seen:?}, told {told:?}"),
                None => assert!(may_be_missing, "{id} {seen:?} was answered long before the end, and is not recorded"),
            }
        }
        every_team_has_its_record(folder, &cast);
    }
}

/// Kills the server in the middle of calls, adds those that were answered to the ledger, and says when it was killed.
fn kill_while_called(
    mut server: Server,
    address: &str,
    cast: &Cast,
    cycle: u64,
    ledger: &mut Vec<Answered>,
) -> Instant {
    let stop = AtomicBool::new(false);
    let pause = MAY_BE_MISSING + Duration::from_millis(200 + Dice(cycle).roll(300));
    thread::scope(|scope| {
        let calls = scope.spawn(|| drive(address, cast, 1_000 + cycle, u64::MAX / 2, &stop));
        // Only time can bring it to the middle of something.
        thread::sleep(pause);
        stop.store(true, Ordering::SeqCst);
        let now = Instant::now();
        server.child.kill().unwrap();
        ledger.extend(calls.join().unwrap());
        now
    })
}

/// No change without its record: whatever team there is, an act made it.
fn every_team_has_its_record(folder: &Path, cast: &Cast) {
    let made: HashSet<String> = exported(folder, "acts")
        .iter()
        .filter(|act| act["action"] == "create" && act["object"]["type"] == "team")
        .map(|act| text(&act["object"], "id"))
        .collect();
    let server = Server::start(folder, "serve");
    let mut client = Client::new(&server.address);
    let (_, status, teams) = client
        .ask("GET", "/v2/team?limit=10000", &cast.admin.secret, "")
        .unwrap();
    assert_eq!(status, 200, "{teams}");
    let teams: Value = serde_json::from_str(&teams).unwrap();
    let teams = teams["results"].as_array().unwrap();
    assert!(teams.len() > 1 && teams.iter().all(|team| made.contains(&text(team, "id"))));
}
