//! Bundles: ranges of the log that are verified without the database. clients/test_verify_bundle.py tests another
//! verifier.

use service::{BundleFault, EventRange, InvalidNote, open_bundle, verify_bundle};
use testbed::on_both;

use crate::support::Stage;

impl Stage {
    /// The public key of the log.
    async fn public_key(&self) -> String {
        self.service.audit().log_state().await.unwrap().public_key
    }

    /// The lines of a bundle.
    async fn bundle(&self, first: i64, last: i64) -> Vec<String> {
        let range = EventRange {
            first: Some(first),
            last: Some(last),
        };
        let mut bundle = open_bundle(&self.reading(), range).await.unwrap();
        let mut text = Vec::new();
        while let Some(chunk) = bundle.next_chunk().await.unwrap() {
            text.extend(chunk);
        }
        bundle.close().await.unwrap();
        let text = String::from_utf8(text).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// A log with calls between its events, in several checkpoints.
    async fn log(database: testbed::Database) -> Self {
        let stage = Self::set_up(database).await;
        stage.with_checkpoints().await;
        for number in 3..6 {
            stage.browser("ada@example.com").await;
            stage.call("Ada", number).await;
            stage.service.audit().make_checkpoints().await.unwrap();
        }
        stage
    }
}

fn text_of(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What is wrong with a bundle.
fn faults(lines: &[String], key: &str) -> Vec<BundleFault> {
    faults_of(&text_of(lines), key)
}

fn faults_of(text: &str, key: &str) -> Vec<BundleFault> {
    match verify_bundle(text.as_bytes(), key) {
        Ok(verdict) => verdict.faults,
        Err(fault) => vec![fault],
    }
}

/// The lines with one changed.
fn with(lines: &[String], at: usize, change: impl Fn(&str) -> String) -> Vec<String> {
    let mut changed = lines.to_vec();
    changed[at] = change(&lines[at]);
    assert_ne!(changed[at], lines[at], "the test changes the line");
    changed
}

on_both! {
    async fn every_range_of_a_log_passes(database: Database) {
        let stage = Stage::log(database).await;
        let key = stage.public_key().await;
        let last = stage.service.audit().log_state().await.unwrap().last_event;
        for first in 1..=last {
            for last in first..=last {
                let lines = stage.bundle(first, last).await;
                let verdict = verify_bundle(text_of(&lines).as_bytes(), &key).unwrap();
                assert_eq!((verdict.faults, verdict.range), (vec![], Some((first, last))));
                assert_eq!(verdict.events, u64::try_from(last - first + 1).unwrap());
            }
        }
        let lines = stage.bundle(2, last - 1).await;
        assert_eq!(faults(&lines, &key), []);
    }

    async fn each_change_of_a_bundle_is_named(database: Database) {
        let stage = Stage::log(database).await;
        let key = stage.public_key().await;
        let lines = stage.bundle(2, 8).await;
        let check = |lines: &[String], expected: BundleFault| {
            assert_eq!(faults(lines, &key), [expected]);
        };
        check(&with(&lines, 2, |line| line.replace("Countersign", "Mallory")), BundleFault::Changed(3));
        let mut swapped = lines.clone();
        swapped.swap(2, 3);
        check(&swapped, BundleFault::Order { line: 3, found: 4, expected: 3 });
        let mut removed = lines.clone();
        removed.remove(2);
        check(&removed, BundleFault::Order { line: 3, found: 4, expected: 3 });
        let mut inserted = lines.clone();
        inserted.insert(3, lines[2].clone());
        check(&inserted, BundleFault::Order { line: 4, found: 3, expected: 4 });
        let leaves = u64::try_from(lines.len() - 1).unwrap();
        check(&lines[..lines.len() - 1], BundleFault::Truncated { found: leaves - 1, expected: leaves });
        let mut more = lines.clone();
        more.push(lines[1].clone());
        check(&more, BundleFault::Excess);
        check(&with(&lines, 3, |_| "{}".to_owned()), BundleFault::Line(4));
        check(&with(&lines, 0, |_| "{}".to_owned()), BundleFault::Header);
        check(&with(&lines, 0, |line| line.replace("bundle-v1", "bundle-v2")), BundleFault::Header);
        check(&lines[..0], BundleFault::Header);
        let cut = text_of(&lines);
        let found = faults_of(&cut[..cut.len() - 3], &key);
        assert!(matches!(found[..], [BundleFault::Unreadable(_)]), "{found:?}");
    }

    async fn hashes_that_are_changed_with_their_text_lead_to_another_root(database: Database) {
        let stage = Stage::log(database).await;
        let key = stage.public_key().await;
        let (lines, others) = (stage.bundle(2, 8).await, stage.bundle(2, 7).await);
        let hash = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["hash"].as_str().unwrap().to_owned()
        };
        // The text of another event with its hash.
        let (two, three) = (hash(&lines[1]), hash(&lines[2]));
        let swapped = with(&lines, 1, |line| line.replace(&two, &three));
        assert_eq!(faults(&swapped, &key), [BundleFault::Changed(2), BundleFault::Root]);
        let of_three: serde_json::Value = serde_json::from_str(&lines[2]).unwrap();
        let moved = with(&lines, 1, |line| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["hash"] = of_three["hash"].clone();
            line["text"] = of_three["text"].clone();
            line.to_string()
        });
        assert_eq!(faults(&moved, &key), [BundleFault::Swapped(2), BundleFault::Root]);
        // A range that claims to be another.
        let mut header: serde_json::Value = serde_json::from_str(&others[0]).unwrap();
        header["checkpoint"] = serde_json::from_str::<serde_json::Value>(&lines[0]).unwrap()["checkpoint"].clone();
        header["left"][0] = header["right"][0].clone();
        let claimed = with(&others, 0, |_| header.to_string());
        assert_eq!(faults(&claimed, &key), [BundleFault::Root]);
    }

    async fn a_bundle_of_another_log_or_key_is_rejected(database: Database) {
        let stage = Stage::log(database).await;
        let other = Stage::log(testbed::sqlite()).await;
        let (key, other_key) = (stage.public_key().await, other.public_key().await);
        let lines = stage.bundle(2, 4).await;
        assert_eq!(faults(&lines, &other_key), [BundleFault::Invalid(InvalidNote::Origin)]);
        assert_eq!(faults(&lines, "nothing"), [BundleFault::Invalid(InvalidNote::Key)]);
        let size = stage.service.audit().log_state().await.unwrap().size;
        let signed = with(&lines, 0, |line| line.replace(&format!("\\n{size}\\n"), &format!("\\n{}\\n", size + 1)));
        assert_eq!(faults(&signed, &key), [BundleFault::Invalid(InvalidNote::Signature)]);
    }

    async fn a_row_that_was_changed_in_the_database_is_named(database: Database) {
        let stage = Stage::log(database).await;
        let key = stage.public_key().await;
        stage.database.tamper("UPDATE audit_event SET actor_name = 'Mallory' WHERE number = 3").await;
        assert_eq!(faults(&stage.bundle(2, 5).await, &key), [BundleFault::Changed(3)]);
        // A row that was changed before its checkpoint, and one that was removed.
        stage.browser("mary@example.com").await;
        stage.browser("mary@example.com").await;
        let newest = stage.number("SELECT CAST(MAX(number) AS TEXT) FROM audit_event").await;
        stage.database.tamper(&format!("UPDATE audit_event SET client = 'x' WHERE number = {newest}")).await;
        stage.database.tamper(&format!("DELETE FROM audit_event WHERE number = {}", newest - 1)).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let found = faults(&stage.bundle(newest - 1, newest).await, &key);
        assert_eq!(found, [BundleFault::Missing(newest - 1), BundleFault::Forged(newest)]);
    }

    async fn a_bundle_passes_with_the_first_key_after_a_hand_over(database: Database) {
        let stage = Stage::log(database).await;
        let first = stage.public_key().await;
        let system = stage.service.system_caller().await.unwrap();
        for _ in 0..2 {
            stage.service.audit().rotate_log_key(&system).await.unwrap();
            stage.service.audit().make_checkpoints().await.unwrap();
        }
        let newest = stage.public_key().await;
        let lines = stage.bundle(2, 5).await;
        assert_ne!(first, newest);
        assert_eq!(faults(&lines, &first), []);
        assert_eq!(faults(&lines, &newest), []);
        let without = with(&lines, 0, |line| line.replace("hand-over", "hand-oven"));
        assert_eq!(faults(&without, &first), [BundleFault::Invalid(InvalidNote::Signature)]);
        assert_eq!(stage.findings().await.findings, []);
    }
}
