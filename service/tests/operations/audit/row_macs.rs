//! A row that was inserted or changed with SQL before its checkpoint is never covered by one, and verification names it
//! from then on.

use domain::identity::role::Role;
use service::{FaultKind, Finding, KeepDays, RemovalRun, TreeFinding};
use testbed::{on_both, tokio};

use crate::support::{PASSWORD, Stage, request};

/// Inserts a copy of event 2 with the next number, as a node would number it.
const INSERT_EVENT: [&str; 5] = [
    "CREATE TABLE copy AS SELECT * FROM audit_event WHERE number = 2",
    "UPDATE counter SET value = value + 1 WHERE name = 'audit_event'",
    "UPDATE copy SET number = (SELECT value FROM counter WHERE name = 'audit_event')",
    "INSERT INTO audit_event SELECT * FROM copy",
    "DROP TABLE copy",
];

/// Removes the traces of MACs that the tables of rows have.
const REMOVE_MACS: [&str; 3] = [
    "UPDATE audit_event SET mac = NULL",
    "UPDATE call_block SET mac = NULL",
    "DELETE FROM row_mac_start",
];

impl Stage {
    /// An organization with five events that have no checkpoint.
    async fn with_members(database: testbed::Database) -> Self {
        let stage = Self::set_up(database).await;
        for name in ["Ada", "Grace", "Mary"] {
            stage.member(name, Role::Power).await;
        }
        stage
    }

    async fn checkpoint(&self) -> Vec<Finding> {
        self.service.audit().make_checkpoints().await.unwrap();
        self.findings().await.findings
    }

    /// Changes rows with SQL. They are found before their checkpoint, after it, and after more events.
    async fn assert_found(&self, statements: &[&str], expected: &[Finding]) {
        assert_eq!(self.found_after(statements).await, expected);
        assert_eq!(self.checkpoint().await, expected);
        self.browser("ada@example.com").await;
        assert_eq!(self.checkpoint().await, expected);
    }
}

on_both! {
    async fn an_event_that_is_edited_before_its_checkpoint_is_named_forever(database: Database) {
        let stage = Stage::with_members(database).await;
        let edit = "UPDATE audit_event SET actor_name = 'Mallory' WHERE number = 2";
        stage.assert_found(&[edit], &[Finding::EventForged(2)]).await;
        let undone = stage.found_after(&["UPDATE audit_event SET actor_name = 'Countersign' WHERE number = 2"]).await;
        assert_eq!(undone, [Finding::EventForged(2)], "also when the edit is undone");
        let removed = stage.found_after(&["DELETE FROM audit_event WHERE number = 2"]).await;
        assert_eq!(removed, [Finding::EventForged(2)], "also when the row is removed");
        assert_eq!(stage.service.usage().measures().await.forged_rows, 1);
        let faults = stage.service.list_database_faults().await.unwrap();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].kind, FaultKind::ForgedRows);
        assert!(faults[0].detail.ends_with("does not confirm them: events 2."), "{}", faults[0].detail);
    }

    async fn an_event_that_is_inserted_while_the_server_runs_is_not_covered(database: Database) {
        let stage = Stage::with_members(database).await;
        assert_eq!(stage.checkpoint().await, []);
        stage.assert_found(&INSERT_EVENT, &[Finding::EventForged(6)]).await;
        assert_eq!(stage.findings().await.uncovered_events, 0, "the chain continues behind it");
    }

    async fn an_event_with_a_number_that_was_not_assigned_is_found(database: Database) {
        let stage = Stage::with_members(database).await;
        let found = stage.found_after(&[
            "CREATE TABLE copy AS SELECT * FROM audit_event WHERE number = 2",
            "UPDATE copy SET number = 100",
            "INSERT INTO audit_event SELECT * FROM copy",
            "DROP TABLE copy",
        ]).await;
        assert_eq!(found, [Finding::EventInserted(100)]);
    }

    async fn an_event_that_is_removed_before_its_checkpoint_is_missing(database: Database) {
        let stage = Stage::with_members(database).await;
        stage.assert_found(&["DELETE FROM audit_event WHERE number = 3"], &[Finding::EventMissing(3)]).await;
    }

    async fn events_that_are_swapped_before_their_checkpoint_are_not_covered(database: Database) {
        let stage = Stage::with_members(database).await;
        stage.assert_found(&[
            "UPDATE audit_event SET number = 1000 WHERE number = 2",
            "UPDATE audit_event SET number = 2 WHERE number = 3",
            "UPDATE audit_event SET number = 3 WHERE number = 1000",
        ], &[Finding::EventForged(2), Finding::EventForged(3)]).await;
    }

    async fn a_mac_is_of_one_row_only(database: Database) {
        let stage = Stage::with_members(database).await;
        stage.assert_found(&[
            "UPDATE audit_event SET mac = (SELECT other.mac FROM audit_event AS other WHERE other.number = 4) WHERE number = 2",
            "UPDATE audit_event SET mac = NULL WHERE number = 3",
        ], &[Finding::EventForged(2), Finding::EventForged(3)]).await;
    }

    async fn a_block_of_calls_that_is_edited_before_its_checkpoint_is_named_forever(database: Database) {
        let stage = Stage::with_members(database).await;
        stage.call("Eve", 1).await;
        stage.store_calls().await;
        let id = stage.number("SELECT CAST(id AS TEXT) FROM call_block").await;
        let edit = "UPDATE call_block SET sources = replace(sources, 'Eve', 'Ada')";
        stage.assert_found(&[edit], &[Finding::BlockForged(id)]).await;
        assert_eq!(stage.found_after(&["DELETE FROM call_block"]).await, [Finding::BlockForged(id)]);
        let faults = stage.service.list_database_faults().await.unwrap();
        assert!(faults[0].detail.ends_with(&format!("blocks of calls {id}.")), "{}", faults[0].detail);
    }

    async fn a_block_of_calls_that_is_inserted_is_neither_merged_nor_covered(database: Database) {
        let stage = Stage::with_members(database).await;
        stage.call("Eve", 1).await;
        stage.store_calls().await;
        stage.assert_found(&[
            "CREATE TABLE copy AS SELECT * FROM call_block",
            "UPDATE copy SET id = 5",
            "INSERT INTO call_block SELECT * FROM copy",
            "INSERT INTO unsealed_block (block_id) VALUES (5)",
            "INSERT INTO uncounted_block (block_id) VALUES (5)",
            "DROP TABLE copy",
        ], &[Finding::BlockForged(5)]).await;
        assert_eq!(stage.findings().await.blocks, 2, "the other block is as it was");
    }

    async fn merged_blocks_have_a_mac(database: Database) {
        let stage = Stage::with_members(database).await;
        let auditor = stage.caller("Vera", Role::Admin).await;
        for number in 1..=3 {
            stage.call("Eve", number).await;
            // Reading the calls stores them as a block.
            stage.walk_calls(&auditor).await;
        }
        let blocks = "SELECT CAST(COUNT(*) AS TEXT) FROM call_block";
        assert_eq!(stage.number(blocks).await, 3);
        assert_eq!(stage.checkpoint().await, []);
        assert_eq!(stage.number(blocks).await, 1);
        assert_eq!(stage.number("SELECT CAST(COUNT(mac) AS TEXT) FROM call_block").await, 1);
    }

    async fn events_of_several_operations_and_nodes_have_macs(database: Database) {
        let stage = Stage::with_members(database).await;
        let other = stage.another_node().await;
        let mut meta = request();
        meta.client = "\"quoted\" \\ <ü> 🦀 \u{2028}\t".into();
        let sign_in = async |node: &service::Service| {
            for _ in 0..3 {
                node.identity().sign_in("ada@example.com", PASSWORD, &meta).await.unwrap();
            }
        };
        tokio::join!(sign_in(&stage.service), sign_in(&stage.service), sign_in(&other), sign_in(&other));
        let verdict = stage.findings().await;
        assert_eq!((verdict.findings, verdict.uncovered_events >= 12), (vec![], true));
        other.audit().make_checkpoints().await.unwrap();
        assert_eq!(stage.findings().await.findings, []);
        assert_eq!(stage.service.usage().measures().await.forged_rows, 0);
    }

    async fn retention_removes_a_row_that_is_not_covered_and_verification_still_names_it(database: Database) {
        let stage = Stage::with_members(database).await;
        let edit = "UPDATE audit_event SET actor_name = 'Mallory' WHERE number = 2";
        stage.assert_found(&[edit], &[Finding::EventForged(2)]).await;
        stage.pass_millis(31 * 86_400_000);
        let keep = KeepDays { events: Some(30), ..KeepDays::default() };
        let run = RemovalRun::at(stage.service.now());
        assert!(stage.service.audit().remove_expired(keep, &run).await.unwrap() > 3);
        assert_eq!(stage.findings().await.findings, [Finding::EventForged(2)]);
    }

    async fn rows_of_an_earlier_version_are_carried_over_at_the_first_start(database: Database) {
        let stage = Stage::with_members(database).await;
        stage.call("Eve", 1).await;
        stage.store_calls().await;
        let found = stage.found_after(&REMOVE_MACS).await;
        assert_eq!(found, [], "rows have no MACs yet");
        let events = stage.number("SELECT CAST(MAX(number) AS TEXT) FROM audit_event").await;
        let node = stage.another_node().await;
        assert_eq!(stage.number("SELECT CAST(COUNT(mac) AS TEXT) FROM audit_event").await, events);
        assert_eq!(stage.number("SELECT CAST(COUNT(mac) AS TEXT) FROM call_block").await, 1);
        node.audit().make_checkpoints().await.unwrap();
        let verdict = node.audit().verify(None).await.unwrap();
        assert_eq!((verdict.findings, verdict.mac_from), (vec![], Some(events + 1)));
        assert_eq!(stage.service.list_database_faults().await.unwrap(), []);
    }

    async fn a_restart_adds_no_mac_to_a_row_that_was_inserted(database: Database) {
        let stage = Stage::with_members(database).await;
        let mut expected = vec![Finding::EventForged(6)];
        assert_eq!(stage.found_after(&INSERT_EVENT).await, expected);
        // While other rows without a checkpoint have a MAC.
        expected.insert(0, Finding::MacStartForged);
        stage.database.tamper("DELETE FROM row_mac_start").await;
        let node = stage.another_node().await;
        node.audit().make_checkpoints().await.unwrap();
        assert_eq!(stage.findings().await.findings, expected);
        // While there is a checkpoint of rows with MACs.
        stage.database.tamper("UPDATE audit_event SET mac = NULL").await;
        for statement in INSERT_EVENT {
            stage.database.tamper(statement).await;
        }
        stage.another_node().await.audit().make_checkpoints().await.unwrap();
        expected.push(Finding::EventForged(7));
        assert_eq!(stage.findings().await.findings, expected);
        let faults = stage.service.list_database_faults().await.unwrap();
        assert!(faults.iter().any(|fault| fault.detail.starts_with("The table row_mac_start was emptied")), "{faults:?}");
    }

    async fn the_checkpoint_file_shows_a_restart_that_rows_had_macs(database: Database) {
        let stage = Stage::with_members(database).await;
        // A node that stops writes the checkpoints to its file.
        stage.service.close().await.unwrap();
        for statement in REMOVE_MACS.iter().chain(&INSERT_EVENT).chain(&["DELETE FROM seal"]) {
            stage.database.tamper(statement).await;
        }
        let node = stage.another_node().await;
        node.audit().make_checkpoints().await.unwrap();
        let forged = (1..=6).map(Finding::EventForged);
        // The tree shows it too.
        let marks = [Finding::MacStartForged, Finding::Tree(TreeFinding::Differs(1))];
        let expected: Vec<Finding> = marks.into_iter().chain(forged).collect();
        assert_eq!(node.audit().verify(None).await.unwrap().findings, expected);
    }

    async fn the_mark_of_the_first_event_with_a_mac_cannot_be_changed(database: Database) {
        let stage = Stage::with_members(database).await;
        assert_eq!(stage.checkpoint().await, []);
        let found = stage.found_after(&["UPDATE seal SET mac_from = 2"]).await;
        assert_eq!(found, [Finding::MacStartForged, Finding::CheckpointForged(1)]);
        let found = stage.found_after(&["UPDATE seal SET mac_from = 1", "UPDATE row_mac_start SET event = 100"]).await;
        assert_eq!(found, [Finding::MacStartForged]);
    }
}
