//! An auditor verifies a log with its public key: without the master key, and without writing.

use std::{fs, path::Path, process::Output};

use testbed::{Database, on_both};

use crate::{
    ledger::write_settings,
    support::{Server, make_user, run, said},
};

/// Prints the public key, and keeps a bundle of the events from 2 to 4.
fn evidence(folder: &Path) -> String {
    let key = run(folder, &["audit", "key"], "");
    assert!(key.status.success(), "{}", said(&key));
    let range = ["--first-event", "2", "--last-event", "4"];
    let export = ["audit", "export", "--bundle", "bundle.ndjson"];
    let exported = run(folder, &[export.as_slice(), &range].concat(), "");
    assert!(exported.status.success(), "{}", said(&exported));
    String::from_utf8(key.stdout).unwrap().trim().to_owned()
}

/// Keeps the newest checkpoint, which the bundle has too.
fn keep_checkpoint(folder: &Path) {
    let bundle = fs::read_to_string(folder.join("bundle.ndjson")).unwrap();
    let header: serde_json::Value = serde_json::from_str(bundle.lines().next().unwrap()).unwrap();
    let note = header["checkpoint"].as_str().unwrap();
    fs::write(folder.join("checkpoint.txt"), note).unwrap();
}

fn verify(folder: &Path, key: &str, more: &[&str]) -> Output {
    let command = ["audit", "verify", "--public-key", key];
    run(folder, &[command.as_slice(), more].concat(), "")
}

/// Four members, under checkpoints. A server makes one when it stops.
fn audited(database: &Database) -> String {
    write_settings(database);
    let folder = database.folder.path();
    for name in ["ada", "grace", "mary", "joan"] {
        make_user(folder, &format!("{name}@example.com"), "admin");
    }
    assert!(Server::start(folder, "serve").stop().success());
    let key = evidence(folder);
    keep_checkpoint(folder);
    // Beside a SQLite file, otherwise in the folder for data.
    let keys = ["master.key", "data/master.key"].map(|path| folder.join(path));
    let removed = keys
        .into_iter()
        .filter(|path| fs::remove_file(path).is_ok());
    assert_eq!(removed.count(), 1);
    key
}

on_both! {
    async fn a_log_passes_without_the_master_key(database: Database) {
        let key = audited(&database);
        let folder = database.folder.path();
        let passed = verify(folder, &key, &["--checkpoint", "checkpoint.txt"]);
        let text = said(&passed);
        assert!(passed.status.success() && text.contains("unchanged since its checkpoints"), "{text}");
        assert!(!text.contains("--checkpoint FILE"), "{text}");
        let text = said(&verify(folder, &key, &[]));
        assert!(text.contains("Not checked: no checkpoint was given (--checkpoint FILE)"), "{text}");
        let passed = verify(folder, &key, &["--bundle", "bundle.ndjson"]);
        let text = said(&passed);
        assert!(passed.status.success() && text.contains("Verified 3 events") && text.contains("Not checked: rows outside the bundle"), "{text}");
        assert!(!folder.join("master.key").exists() && !folder.join("data/master.key").exists());
    }

    async fn each_fault_has_a_sentence_and_fails(database: Database) {
        let key = audited(&database);
        let folder = database.folder.path();
        let failed = |more: &[&str], sentence: &str| {
            let failed = verify(folder, &key, more);
            let text = said(&failed);
            assert_eq!(failed.status.code(), Some(1), "{text}");
            assert!(text.contains(sentence), "{sentence}: {text}");
        };
        let checkpoint: &[&str] = &["--checkpoint", "checkpoint.txt"];
        let other = verify(folder, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", checkpoint);
        assert!(said(&other).contains("The checkpoint is of another log"), "{}", said(&other));
        database.tamper("UPDATE audit_event SET actor_name = 'Eve' WHERE number = 2").await;
        failed(checkpoint, "Event 2 was changed.");
        database.tamper("DELETE FROM audit_event WHERE number = 3").await;
        failed(checkpoint, "Event 3 is missing.");
        let bundle = folder.join("bundle.ndjson");
        let text = fs::read_to_string(&bundle).unwrap();
        fs::write(&bundle, text.replacen("Countersign", "Mallory", 1)).unwrap();
        failed(&["--bundle", "bundle.ndjson"], "Event 2 was changed: its text does not have the hash of its leaf.");
        let cut: Vec<&str> = text.lines().take(3).collect();
        fs::write(&bundle, cut.join("\n") + "\n").unwrap();
        failed(&["--bundle", "bundle.ndjson"], "The bundle ends after 2 of ");
        let note = fs::read_to_string(folder.join("checkpoint.txt")).unwrap();
        fs::write(folder.join("checkpoint.txt"), note.replacen('\n', "x\n", 1)).unwrap();
        failed(checkpoint, "The checkpoint is of another log");
        for table in ["seal", "tree_checkpoint", "tree_hash", "audit_event", "log_key", "unsealed_block", "call_block"] {
            database.tamper(&format!("DELETE FROM {table}")).await;
        }
        failed(&[], "The start of the log tree is missing");
    }

    async fn a_bundle_is_never_written_over_another_file(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        make_user(folder, "ada@example.com", "admin");
        fs::write(folder.join("bundle.ndjson"), "kept").unwrap();
        let failed = run(folder, &["audit", "export", "--bundle", "bundle.ndjson"], "");
        assert!(!failed.status.success());
        assert_eq!(fs::read_to_string(folder.join("bundle.ndjson")).unwrap(), "kept");
        let beyond = run(folder, &["audit", "export", "--bundle", "b", "--first-event", "900"], "");
        assert!(said(&beyond).contains("The log tree has the events from 1 to "), "{}", said(&beyond));
        assert!(!folder.join("b").exists());
    }
}
