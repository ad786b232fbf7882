//! A client keeps a ledger of every call it makes, of all sorts and from many threads, and holds it against the record.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use testbed::{Database, on_both};

use crate::{
    callers::{Answered, Cast, Client, Dice, Entry, drive, set_up, text},
    lateness::Lateness,
    support::{Server, run, said},
};

/// Calls of reads whose answers came so short a time before a crash may be missing, on a machine that gives
/// the program its turn whenever it wants one. How late it was is measured, by [`Lateness`].
const MAY_BE_MISSING: Duration = Duration::from_millis(100);

/// How often a call waits for its turn on the way to the disk: to be taken from memory, for whoever writes already, to
/// be written, to be on disk.
const TURNS: u32 = 4;

/// How many there shall be: of this variable, or the usual number.
fn asked(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |number| number.parse().unwrap())
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

/// Has the program use this database whatever it is asked.
pub(crate) fn settle(database: &Database) {
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
        let calls = asked("COUNTERSIGN_TEST_LEDGER_CALLS", 100_000);
        ledger.extend(drive(&server.address, &cast, 1, calls, &AtomicBool::new(false)));
        assert!(server.stop().success());
        let mut recorded = recorded(folder);
        for (id, seen, _) in &ledger {
            let told = recorded.remove(id).unwrap_or_else(|| panic!("{id} {seen:?} is not recorded"));
            assert_eq!(*seen, told, "{id}");
        }
        assert!(recorded.is_empty(), "nobody made {recorded:?}");
        verify(folder);
    }

    async fn no_change_is_lost_when_the_server_is_killed(database: Database) {
        settle(&database);
        let folder = database.folder.path();
        let (server, cast, mut ledger) = set_up(folder);
        let mut lives = vec![Life::until_killed(server, folder, &cast, 0, &mut ledger)];
        for cycle in 1..asked("COUNTERSIGN_TEST_KILL_CYCLES", 25) {
            let server = Server::start(folder, "serve");
            lives.push(Life::until_killed(server, folder, &cast, cycle, &mut ledger));
        }
        verify(folder);
        let recorded = recorded(folder);
        let changes: HashSet<String> = exported(folder, "acts").iter().map(|act| text(&act["request"], "id")).collect();
        for (id, seen, at) in &ledger {
            let is_change = seen.method != "GET" && (200..300).contains(&seen.status);
            assert!(!is_change || changes.contains(id), "{id} {seen:?} was acknowledged and is not in the record");
            let life = lives.iter().rev().find(|life| life.began <= *at);
            let may_be_missing = seen.method == "GET" && life.is_some_and(|life| life.may_miss(*at));
            let before_the_end = life.map(|life| (life.died.saturating_duration_since(*at), life.lateness));
            match recorded.get(id) {
                Some(told) => assert_eq!(seen, told, "{id}"),
                None => assert!(may_be_missing, "{id} {seen:?} was answered, is no read of the last moment, and is not recorded (before the end, lateness: {before_the_end:?})"),
            }
        }
        every_team_has_its_record(folder, &cast);
    }
}

/// A server's life: from when it was called to when it was killed.
struct Life {
    began: Instant,
    died: Instant,
    /// How late the machine was meanwhile, at most.
    lateness: Duration,
}

impl Life {
    /// Kills the server in the middle of calls, and adds those that were answered to the ledger.
    fn until_killed(
        mut server: Server,
        folder: &Path,
        cast: &Cast,
        cycle: u64,
        ledger: &mut Vec<Answered>,
    ) -> Self {
        let stop = AtomicBool::new(false);
        let address = server.address.clone();
        let began = Instant::now();
        thread::scope(|scope| {
            let calls = scope.spawn(|| drive(&address, cast, 1_000 + cycle, u64::MAX / 2, &stop));
            let lateness = Lateness::measure(scope, folder, &stop);
            // Only time can bring it to the middle of something.
            thread::sleep(Duration::from_millis(400 + Dice(cycle).roll(300)));
            stop.store(true, Ordering::SeqCst);
            let died = Instant::now();
            server.child.kill().unwrap();
            ledger.extend(calls.join().unwrap());
            let lateness = lateness.at_most();
            Self {
                began,
                died,
                lateness,
            }
        })
    }

    /// Whether an answer that came at this moment came so shortly before the end that its call may be missing. What was
    /// already on its way when the server was killed is read a moment later.
    fn may_miss(&self, at: Instant) -> bool {
        self.died.saturating_duration_since(at) <= MAY_BE_MISSING + TURNS * self.lateness
    }
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
