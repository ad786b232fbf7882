//! Compares the ledger of many concurrent clients with the call log and the audit log.

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
    callers::{Answered, Client, Credentials, Dice, Entry, drive, set_up, text},
    support::{Server, run, said},
};

/// Reads that were answered this shortly before a crash may be missing from the call log, when no call waits for the
/// disk, the database or the processor.
const MAY_BE_MISSING: Duration = Duration::from_millis(100);

/// The number of waits of a call on its way to the disk: to be taken from memory, for the current writer, to be
/// written, and to be synced. None is longer than the longest call of the run, because a change waits for all of them.
const WAITS: u32 = 4;

/// The number in this environment variable, or the default.
pub(crate) fn number_from_env(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |number| number.parse().unwrap())
}

/// The calls in the call log, by request id.
pub(crate) fn logged_calls(folder: &Path) -> HashMap<String, Entry> {
    let mut calls = HashMap::new();
    for line in exported(folder, "calls") {
        let entry = Entry {
            method: text(&line["request"], "method"),
            path: text(&line["request"], "path"),
            status: u16::try_from(line["status"].as_u64().unwrap()).unwrap(),
            token: line["token"]["id"].as_str().map(str::to_owned),
        };
        let before = calls.insert(text(&line["request"], "id"), entry);
        assert_eq!(before, None, "a call is logged once");
    }
    calls
}

pub(crate) fn exported(folder: &Path, what: &str) -> Vec<Value> {
    let exported = run(folder, &["audit", "export", "--what", what], "");
    assert!(exported.status.success(), "{}", said(&exported));
    let text = String::from_utf8(exported.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Writes settings that make the program use this database.
pub(crate) fn write_settings(database: &Database) {
    let settings = format!("database_url = \"{}\"\n", database.url);
    std::fs::write(database.folder.path().join("countersign.toml"), settings).unwrap();
}

pub(crate) fn verify(folder: &Path) {
    let verified = run(folder, &["audit", "verify"], "");
    assert!(verified.status.success(), "{}", said(&verified));
}

on_both! {
    async fn the_clients_ledger_equals_the_call_log(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (server, credentials, mut ledger) = set_up(folder);
        let calls = number_from_env("COUNTERSIGN_TEST_LEDGER_CALLS", 25_000);
        ledger.extend(drive(&server.address, &credentials, 1, calls, &AtomicBool::new(false)).ledger);
        assert!(server.stop().success());
        let mut logged = logged_calls(folder);
        for (id, seen, _) in &ledger {
            let entry = logged.remove(id).unwrap_or_else(|| panic!("{id} {seen:?} is not logged"));
            assert_eq!(*seen, entry, "{id}");
        }
        assert!(logged.is_empty(), "no client made {logged:?}");
        verify(folder);
    }

    async fn no_change_is_lost_when_the_server_is_killed(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (server, credentials, mut ledger) = set_up(folder);
        let mut runs = vec![Run::until_killed(server, &credentials, 0, &mut ledger)];
        for cycle in 1..number_from_env("COUNTERSIGN_TEST_KILL_CYCLES", 15) {
            let server = Server::start(folder, "serve");
            runs.push(Run::until_killed(server, &credentials, cycle, &mut ledger));
        }
        verify(folder);
        let logged = logged_calls(folder);
        let changes: HashSet<String> = exported(folder, "events").iter().map(|event| text(&event["request"], "id")).collect();
        let (mut acknowledged, mut unlogged) = (0, 0);
        for (id, seen, at) in &ledger {
            let is_change = seen.method != "GET" && (200..300).contains(&seen.status);
            assert!(!is_change || changes.contains(id), "{id} {seen:?} was acknowledged and is not in the audit log");
            acknowledged += usize::from(is_change);
            let run_of_call = runs.iter().rev().find(|run_of_call| run_of_call.began <= *at);
            let may_be_missing = seen.method == "GET" && run_of_call.is_some_and(|run_of_call| run_of_call.may_miss(*at));
            let before_crash = run_of_call.map(|run_of_call| (run_of_call.died.saturating_duration_since(*at), run_of_call.longest_call));
            match logged.get(id) {
                Some(entry) => assert_eq!(seen, entry, "{id}"),
                None => {
                    assert!(may_be_missing, "{id} {seen:?} was answered, is not a read shortly before the crash, and is not logged (time before the crash, longest call: {before_crash:?})");
                    unlogged += 1;
                }
            }
        }
        assert_every_team_has_an_event(folder, &credentials);
        report(runs.len(), acknowledged, ledger.len(), unlogged);
    }
}

#[expect(clippy::print_stdout, reason = "`cargo xtask drill kill` shows it")]
fn report(kills: usize, acknowledged: usize, calls: usize, unlogged: usize) {
    println!("{kills} kills: {acknowledged} acknowledged changes, 0 lost; {calls} answered calls");
    println!("{unlogged} reads shortly before a kill are not in the call log");
}

/// A run of the server, from its first call until it is killed.
struct Run {
    began: Instant,
    died: Instant,
    longest_call: Duration,
}

impl Run {
    /// Kills the server during calls and adds the answered ones to the ledger.
    fn until_killed(
        mut server: Server,
        credentials: &Credentials,
        cycle: u64,
        ledger: &mut Vec<Answered>,
    ) -> Self {
        let stop = AtomicBool::new(false);
        let address = server.address.clone();
        let began = Instant::now();
        thread::scope(|scope| {
            let calls =
                scope.spawn(|| drive(&address, credentials, 1_000 + cycle, u64::MAX / 2, &stop));
            // A random delay makes the kill hit the server in the middle of work.
            thread::sleep(Duration::from_millis(400 + Dice(cycle).roll(300)));
            stop.store(true, Ordering::SeqCst);
            let died = Instant::now();
            server.child.kill().unwrap();
            let calls = calls.join().unwrap();
            ledger.extend(calls.ledger);
            Self {
                began,
                died,
                longest_call: calls.longest,
            }
        })
    }

    /// Whether a response at this time came so shortly before the kill that its call may be missing from the call log.
    /// Responses in flight during the kill are read shortly after it.
    fn may_miss(&self, at: Instant) -> bool {
        self.died.saturating_duration_since(at) <= MAY_BE_MISSING + WAITS * self.longest_call
    }
}

/// Asserts that every team has the audit event of its creation.
fn assert_every_team_has_an_event(folder: &Path, credentials: &Credentials) {
    let made: HashSet<String> = exported(folder, "events")
        .iter()
        .filter(|event| event["action"] == "create" && event["object"]["type"] == "team")
        .map(|event| text(&event["object"], "id"))
        .collect();
    let server = Server::start(folder, "serve");
    let mut client = Client::new(&server.address);
    let (_, status, teams) = client
        .ask("GET", "/v2/team?limit=10000", &credentials.admin.secret, "")
        .unwrap();
    assert_eq!(status, 200, "{teams}");
    let teams: Value = serde_json::from_str(&teams).unwrap();
    let teams = teams["results"].as_array().unwrap();
    assert!(teams.len() > 1 && teams.iter().all(|team| made.contains(&text(team, "id"))));
}
