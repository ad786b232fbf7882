//! The rotation of the master key is killed again and again while a server answers calls. Nothing is lost.

use std::{
    collections::HashSet,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;
use testbed::on_both;

use crate::{
    callers::{Client, Credentials, Dice, drive, set_up, text},
    ledger::{exported, number_from_env, verify, write_settings},
    support::{Server, countersign, run, said},
};

/// The longest time until a kill, in milliseconds: about as long as a rotation works, apart from waiting.
const LONGEST_MILLIS: u64 = 1_500;

/// Starts or continues a rotation and kills it after this time. Returns whether it was still running.
fn rotate_until_killed(folder: &Path, time: Duration) -> bool {
    let mut command = countersign(folder, &["key", "rotate"]);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    thread::sleep(time);
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_running
}

fn key_version(folder: &Path) -> u64 {
    let status = said(&run(folder, &["key", "status"], ""));
    let (_, version) = status.split_once("Version of the key ring: ").unwrap();
    version.split('.').next().unwrap().parse().unwrap()
}

fn assert_secret_is_readable(address: &str, credentials: &Credentials) {
    let mut client = Client::new(address);
    let (_, status, token) = client
        .ask("GET", "/v2/token/sender", &credentials.admin.secret, "")
        .unwrap();
    assert_eq!(status, 200, "{token}");
    let token: Value = serde_json::from_str(&token).unwrap();
    assert_eq!(text(&token, "secret"), credentials.ingest.secret);
}

on_both! {
    async fn nothing_is_lost_when_rotations_of_the_master_key_are_killed(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (server, credentials, mut ledger) = set_up(folder);
        let address = server.address.clone();
        let kills = number_from_env("COUNTERSIGN_TEST_ROTATION_KILLS", 5);
        let stop = AtomicBool::new(false);
        let mut killed = 0;
        thread::scope(|scope| {
            // A failure drops it, which ends the calls.
            let mut server = server;
            let calls = scope.spawn(|| drive(&address, &credentials, 1, u64::MAX / 2, &stop));
            let mut dice = Dice(kills);
            while killed < kills {
                let time = Duration::from_millis(dice.roll(LONGEST_MILLIS));
                killed += u64::from(rotate_until_killed(folder, time));
                assert_secret_is_readable(&address, &credentials);
            }
            let finished = run(folder, &["key", "rotate"], "");
            assert!(finished.status.success(), "{}", said(&finished));
            assert_secret_is_readable(&address, &credentials);
            stop.store(true, Ordering::SeqCst);
            server.child.kill().unwrap();
            ledger.extend(calls.join().unwrap().ledger);
        });
        let server = Server::start(folder, "serve");
        assert_secret_is_readable(&server.address, &credentials);
        assert!(server.stop().success());
        verify(folder);
        let checked = run(folder, &["check"], "");
        assert!(checked.status.success(), "{}", said(&checked));
        let old = ["master.key.old", "data/master.key.old"];
        let old = old.into_iter().find(|path| folder.join(path).exists()).unwrap();
        let refused = run(folder, &["check", "--master-key-file", old], "");
        assert!(!refused.status.success() && said(&refused).contains("was encrypted under the key"), "{}", said(&refused));
        let changes: HashSet<String> = exported(folder, "events").iter().map(|event| text(&event["request"], "id")).collect();
        let (mut acknowledged, mut failed) = (0, 0);
        for (id, seen, _) in &ledger {
            let is_change = seen.method != "GET" && (200..300).contains(&seen.status);
            assert!(!is_change || changes.contains(id), "{id} {seen:?} was acknowledged and is not in the audit log");
            acknowledged += usize::from(is_change);
            failed += usize::from(seen.status >= 500);
        }
        report(killed, key_version(folder) / 3, acknowledged, ledger.len(), failed);
    }
}

#[expect(clippy::print_stdout, reason = "`cargo xtask drill rotate` shows it")]
fn report(kills: u64, rotations: u64, acknowledged: usize, calls: usize, failed: usize) {
    println!("{kills} kills in {rotations} rotations: {acknowledged} acknowledged changes, 0 lost");
    println!("{calls} answered calls, {failed} with a status of 500 or more");
}
