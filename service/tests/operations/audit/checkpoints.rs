//! Verification detects an audit log or call log that was changed in the database, and passes an unmodified one.

use std::fs;

use domain::{
    identity::{actor::Caller, role::Role},
    platform::timestamp::Timestamp,
};
use service::{AuditRange, Finding, Service, Verdict};
use testbed::on_both;

use crate::support::{Stage, call, request};

impl Stage {
    /// Creates events and calls under two checkpoints and returns the verification result.
    pub(crate) async fn with_checkpoints(&self) -> Verdict {
        for name in ["Ada", "Grace", "Mary"] {
            self.member(name, Role::Power).await;
        }
        self.call("Ada", 1).await;
        assert_eq!(self.service.audit().make_checkpoints().await.unwrap(), 1);
        self.browser("ada@example.com").await;
        self.browser("grace@example.com").await;
        self.call("Grace", 2).await;
        assert_eq!(self.service.audit().make_checkpoints().await.unwrap(), 1);
        assert_eq!(
            self.service.audit().make_checkpoints().await.unwrap(),
            0,
            "nothing is left to checkpoint"
        );
        self.findings().await
    }

    /// Records a call whose client name is this.
    pub(crate) async fn call(&self, name: &str, number: u64) {
        self.call_at(name, self.clock.now(), number).await;
    }

    async fn call_at(&self, name: &str, at: Timestamp, number: u64) {
        self.service.audit().record_call(call(name, at, number));
    }

    /// Flushes recorded calls to the database, which reading the call log does.
    pub(crate) async fn store_calls(&self) {
        let auditor = self.caller("Vera", Role::Admin).await;
        self.walk_calls(&auditor).await;
    }

    pub(crate) async fn walk_calls(&self, auditor: &Caller) {
        let range = AuditRange {
            from: self.clock.now(),
            to: self.clock.now().plus_millis(1),
            actor_id: None,
            token_id: None,
            object_id: None,
            newest_first: false,
        };
        let walked = self
            .service
            .audit()
            .walk_calls(auditor, &range, false, |_, _| true);
        walked.await.unwrap();
    }

    pub(crate) async fn findings(&self) -> Verdict {
        self.service.audit().verify(None).await.unwrap()
    }

    /// The findings after these statements ran directly on the database.
    pub(crate) async fn found_after(&self, statements: &[&str]) -> Vec<Finding> {
        for statement in statements {
            self.database.tamper(statement).await;
        }
        self.findings().await.findings
    }
}

async fn checked_against(node: &Service, file: &str) -> Vec<Finding> {
    node.audit().verify(Some(file)).await.unwrap().findings
}

on_both! {
    async fn an_unmodified_audit_log_passes_verification(database: Database) {
        let stage = Stage::set_up(database).await;
        let verdict = stage.with_checkpoints().await;
        assert_eq!((verdict.findings, verdict.checkpoints, verdict.blocks), (vec![], 2, 2));
        assert!(verdict.events >= 6, "{}", verdict.events);
        // Events after the last checkpoint are counted separately and are no finding.
        stage.member("Joan", Role::Power).await;
        let verdict = stage.findings().await;
        assert_eq!((verdict.findings, verdict.uncovered_events), (vec![], 1));
        // Another node continues the chain.
        assert_eq!(stage.another_node().await.audit().make_checkpoints().await.unwrap(), 1);
        let verdict = stage.findings().await;
        assert_eq!((verdict.findings, verdict.checkpoints, verdict.uncovered_events), (vec![], 3, 0));
    }

    async fn a_backlog_larger_than_one_checkpoint_is_covered_by_several(database: Database) {
        let stage = Stage::set_up(database).await;
        let begin = stage.clock.now();
        let mut checkpoints = 0;
        for blocks in [250, 251, 501_u64] {
            for minute in 0..blocks {
                // Further apart than the calls of one block.
                stage.call_at("Ada", begin.plus_millis(i64::try_from(60_001 * minute).unwrap()), minute).await;
            }
            stage.service.audit().make_checkpoints().await.unwrap();
            let verdict = stage.findings().await;
            assert_eq!((verdict.findings, verdict.uncovered_events, verdict.uncovered_blocks), (vec![], 0, 0));
            // The background task may have covered some of the blocks already, in checkpoints of fewer blocks.
            let at_least = i64::try_from(blocks.div_ceil(250)).unwrap();
            assert!(verdict.checkpoints - checkpoints >= at_least, "{blocks} blocks of calls");
            checkpoints = verdict.checkpoints;
        }
        assert_eq!(stage.findings().await.blocks, 1_002);
        assert_eq!(stage.service.audit().make_checkpoints().await.unwrap(), 0);
    }

    async fn a_node_that_is_overtaken_still_covers_every_row(database: Database) {
        let stage = Stage::set_up(database).await;
        let begin = stage.clock.now();
        for minute in 0..501_u64 {
            stage.call_at("Ada", begin.plus_millis(i64::try_from(60_000 * minute).unwrap()), minute).await;
        }
        stage.store_calls().await;
        let (one, other) = (stage.another_node().await, stage.another_node().await);
        let cover = async |node: &Service| {
            node.audit().make_checkpoints().await.unwrap();
            node.audit().verify(None).await.unwrap().uncovered_blocks
        };
        // Both read the same rows before either inserts its checkpoint, so one of them is overtaken.
        assert_eq!(tokio::join!(cover(&one), cover(&other)), (0, 0));
        assert_eq!(stage.findings().await.findings, []);
    }

    async fn an_edited_removed_swapped_or_inserted_event_is_detected(database: Database) {
        let stage = Stage::set_up(database).await;
        assert_eq!(stage.with_checkpoints().await.findings, []);
        let mut expected = vec![Finding::EventChanged(2)];
        let found = stage.found_after(&["UPDATE audit_event SET actor_name = 'Mallory' WHERE number = 2"]).await;
        assert_eq!(found, expected);
        expected.insert(0, Finding::EventMissing(3));
        let found = stage.found_after(&["DELETE FROM audit_event WHERE number = 3"]).await;
        assert_eq!(found, expected);
        expected.extend([Finding::EventChanged(4), Finding::EventChanged(5)]);
        let found = stage.found_after(&[
            "UPDATE audit_event SET number = 1000 WHERE number = 4",
            "UPDATE audit_event SET number = 4 WHERE number = 5",
            "UPDATE audit_event SET number = 5 WHERE number = 1000",
        ]).await;
        assert_eq!(found, expected);
        expected.push(Finding::EventInserted(0));
        let found = stage.found_after(&[
            "CREATE TABLE copy AS SELECT * FROM audit_event WHERE number = 1",
            "UPDATE copy SET number = 0",
            "INSERT INTO audit_event SELECT * FROM copy",
            "DROP TABLE copy",
        ]).await;
        assert_eq!(found, expected);
    }

    async fn rows_removed_before_a_checkpoint_are_detected_and_no_others_are_reported(database: Database) {
        let stage = Stage::set_up(database).await;
        for name in ["Ada", "Grace", "Mary"] {
            stage.member(name, Role::Power).await;
        }
        stage.call("Ada", 1).await;
        stage.store_calls().await;
        for statement in ["DELETE FROM audit_event WHERE number = 3", "DELETE FROM call_block"] {
            stage.database.tamper(statement).await;
        }
        let found = stage.findings().await.findings;
        assert!(matches!(found[..], [Finding::EventMissing(3), Finding::BlockMissing(_)]), "{found:?}");
        assert_eq!(stage.service.audit().make_checkpoints().await.unwrap(), 1);
        assert_eq!(stage.findings().await.findings, found, "a checkpoint preserves the gap");
        stage.member("Joan", Role::Power).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        assert_eq!(stage.findings().await.findings, found);
    }

    async fn an_edited_removed_or_inserted_block_of_calls_is_detected(database: Database) {
        let stage = Stage::set_up(database).await;
        assert_eq!(stage.with_checkpoints().await.findings, []);
        let found = stage.found_after(&[
            "CREATE TABLE copy AS SELECT * FROM call_block WHERE calls LIKE '%,1]]'",
            "UPDATE copy SET id = 5",
            "INSERT INTO call_block SELECT * FROM copy",
            "DROP TABLE copy",
        ]).await;
        assert_eq!(found, [Finding::BlockInserted(5)]);
        let found = stage.found_after(&[
            "DELETE FROM call_block WHERE id = 5",
            "UPDATE call_block SET sources = replace(sources, 'Ada', 'Eve')",
        ]).await;
        assert!(matches!(found[..], [Finding::BlockChanged(_)]), "{found:?}");
        let found = stage.found_after(&["DELETE FROM call_block WHERE sources LIKE '%Eve%'"]).await;
        assert!(matches!(found[..], [Finding::BlockMissing(_)]), "{found:?}");
    }

    async fn a_changed_or_removed_checkpoint_is_detected(database: Database) {
        let stage = Stage::set_up(database).await;
        assert_eq!(stage.with_checkpoints().await.findings, []);
        let found = stage.found_after(&["UPDATE seal SET at = at + 1 WHERE number = 1"]).await;
        assert_eq!(found, [Finding::CheckpointForged(1), Finding::CheckpointUnlinked(2)]);
        let found = stage.found_after(&["UPDATE seal SET at = at - 1 WHERE number = 1"]).await;
        assert_eq!(found, []);
        let found = stage.found_after(&["DELETE FROM seal WHERE number = 1"]).await;
        assert!(found.contains(&Finding::CheckpointMissing(1)), "{found:?}");
    }

    async fn a_truncated_log_is_detected_with_the_checkpoint_file(database: Database) {
        let stage = Stage::set_up(database).await;
        assert_eq!(stage.with_checkpoints().await.findings, []);
        // A node that stops checkpoints the remaining events and writes all checkpoints to its file.
        stage.service.close().await.unwrap();
        let file = fs::read_to_string(stage.database.folder.path().join("checkpoints.ndjson")).unwrap();
        let node = stage.another_node().await;
        assert_eq!(checked_against(&node, &file).await, []);
        for statement in [
            "DELETE FROM audit_event WHERE number > (SELECT last_event FROM seal WHERE number = 1)",
            "DELETE FROM call_block WHERE sources LIKE '%Grace%'",
            "UPDATE counter SET value = (SELECT last_event FROM seal WHERE number = 1) WHERE name = 'audit_event'",
            "DELETE FROM seal WHERE number > 1",
            "DELETE FROM tree_checkpoint WHERE seal > 1",
        ] {
            stage.database.tamper(statement).await;
        }
        assert_eq!(node.audit().verify(None).await.unwrap().findings, [], "the database alone does not show that rows are missing");
        assert_eq!(checked_against(&node, &file).await, [Finding::CheckpointMissing(2)]);
        // Continuing from the truncated log creates a different checkpoint with the same number.
        let continued = stage.another_node().await;
        continued.identity().sign_in("ada@example.com", crate::support::PASSWORD, &request()).await.unwrap();
        continued.audit().make_checkpoints().await.unwrap();
        assert_eq!(checked_against(&continued, &file).await, [Finding::CheckpointDiffersFromFile(2)]);
    }
}
