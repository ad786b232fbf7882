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
    support::{Server, run, said},
};

/// Calls of reads whose answers came so short a time before a crash may be missing. Design 5 says a tenth of that, for a
/// machine that has nothing else to do.
const MAY_BE_MISSING: Duration = Duration::from_secs(1);

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
            assert_eq!(*seen, told, "{id}");
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
            let may_be_missing = seen.method == "GET" && died.is_some_and(|(_, died)| died.saturating_duration_since(*at) <= MAY_BE_MISSING);
            match recorded.get(id) {
                Some(told) => assert_eq!(seen, told, "{id}"),
                None => assert!(may_be_missing, "{id} {seen:?} was answered, is no read of the last moment, and is not recorded"),
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
